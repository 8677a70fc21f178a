package dev.holdfast.spec;

import java.util.List;

/** Where a clause is tried: the same application, with its sessions kept in different ways. */
enum Place {
    TOMCAT("Tomcat's own manager", "tomcat", "context-tomcat.xml", List.of("a")),
    ONE_NODE("Holdfast on one node", "single", "context-holdfast.xml", List.of("a")),
    /** Every request of a user goes to the other node than the one before. */
    TWO_NODES("Holdfast on two nodes in turns", "shared", "context-holdfast.xml", List.of("a", "b"));

    private final String title;
    private final String application;
    private final String contextFile;
    private final List<String> nodes;

    Place(String title, String application, String contextFile, List<String> nodes) {
        this.title = title;
        this.application = application;
        this.contextFile = contextFile;
        this.nodes = nodes;
    }

    String application() {
        return application;
    }

    /** The path of the application, from the root of a node. */
    String path() {
        return "/" + application;
    }

    String contextFile() {
        return contextFile;
    }

    List<String> nodes() {
        return nodes;
    }

    @Override
    public String toString() {
        return title;
    }
}
