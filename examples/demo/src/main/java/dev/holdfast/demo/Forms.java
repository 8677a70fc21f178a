package dev.holdfast.demo;

import java.util.Locale;
import java.util.function.Function;

/** Forms whose buttons say which node shall do it, whichever node made the page. */
final class Forms {

    private final TwoNodes nodes;
    private final String host;
    private final FormToken token;

    Forms(TwoNodes nodes, String host, FormToken token) {
        this.nodes = nodes;
        this.host = host;
        this.token = token;
    }

    /** The class in the style sheet that gives a node its colour. */
    static String color(Node node) {
        return node.name().toLowerCase(Locale.ROOT);
    }

    /** A form around fields and buttons. */
    Html form(String style, Html content) {
        return Html.of(
                "<form class=\"{}\" method=\"post\"><input type=\"hidden\" name=\"{}\" value=\"{}\">{}</form>",
                style,
                FormToken.FIELD,
                token.value(),
                content);
    }

    /** The same for each node, A first. */
    Html forBoth(Function<Node, Html> piece) {
        return Html.join(nodes.both().stream().map(piece).toList());
    }

    /**
     * For each node a button that sends the form there, such as "Log in on A".
     *
     * @param action the path
     * @param value of the field {@code do}, or empty
     */
    Html buttons(String label, String action, String value) {
        return forBoth(node -> button(node, action, label + " on " + node.name(), value, ""));
    }

    /**
     * A button that sends the form to a node. It is dead while the node is stopped.
     *
     * @param action the path
     * @param value of the field {@code do}
     * @param meaning read aloud instead of the label, or empty
     */
    Html button(Node node, String action, String label, String value, String meaning) {
        return Html.of(
                "<button class=\"{}\" formaction=\"{}{}\" name=\"do\" value=\"{}\"{}{}>{}</button>",
                color(node),
                node.url(host),
                action,
                value,
                meaning.isEmpty() ? Html.NOTHING : Html.of(" aria-label=\"{}\" title=\"{}\"", meaning, meaning),
                node.isRunning() ? Html.NOTHING : Html.of(" disabled"),
                label);
    }
}
