package dev.holdfast.it;

/** A Tomcat that requests can be sent to, in this JVM or in another one. */
interface Target {

    /** The whole URL of a path. */
    String url(String path);
}
