package dev.holdfast.demo;

/** The nodes on the page, and the switch for the other one. */
final class NodesSection {

    private static final String SECTION = """
            <section class="nodes">
              <h2>Nodes</h2>
              <p class="hint">Stop one: the session lives on. Start it again: it knows the session.</p>
              <ul>{}</ul>
            </section>
            """;

    private static final String NODE = """
            <li class="{}"><span class="letter" aria-hidden="true">{}</span><span>Node {} <em>{}</em></span>{}</li>
            """;

    private final Forms forms;
    private final TwoNodes nodes;
    private final Node answering;

    NodesSection(Forms forms, TwoNodes nodes, Node answering) {
        this.forms = forms;
        this.nodes = nodes;
        this.answering = answering;
    }

    Html html() {
        return Html.of(SECTION, forms.forBoth(this::item));
    }

    private Html item(Node node) {
        if (node == answering) {
            return item(node, "answered", Html.NOTHING);
        }
        return node.isRunning()
                ? item(node, "running", change("Stop", "stop"))
                : item(node, "stopped", change("Start", "start"));
    }

    private static Html item(Node node, String state, Html control) {
        return Html.of(
                NODE,
                node.isRunning() ? Forms.color(node) : Forms.color(node) + " off",
                node.name(),
                node.name(),
                state,
                control);
    }

    /** A node is stopped and started by the other one, so by the one that answered. */
    private Html change(String verb, String action) {
        String label = verb + " " + nodes.otherThan(answering).name();
        return forms.form("switch", forms.button(answering, action, label, "", ""));
    }
}
