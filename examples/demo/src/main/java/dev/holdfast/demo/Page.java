package dev.holdfast.demo;

import java.util.stream.Collectors;

/** The page, as one node makes it for one visitor. */
final class Page {

    private static final String FRAME = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{} · Holdfast demo</title>
              <link rel="stylesheet" href="/style.css">
            </head>
            <body class="{}">
            {}
            </body>
            </html>
            """;

    private static final String CONTENT = """
            <header>
              <div class="width">
                <p class="brand"><strong>Holdfast demo</strong> one session · two Tomcats · one Redis</p>
                <div class="answer">
                  <h1><span class="letter" aria-hidden="true">{}</span>Node {} answered</h1>
                  {}
                </div>
              </div>
            </header>
            <main class="width">
              <section class="news"><h2>What just happened</h2><p>{}</p></section>
              <div class="column">
              {}
              {}
              </div>
              {}
            </main>
            """;

    private final Node node;
    private final TwoNodes nodes;
    private final String host;
    private final Forms forms;

    /**
     * A page.
     *
     * @param host the name under which the visitor knows this machine
     */
    Page(Node node, TwoNodes nodes, String host, FormToken token) {
        this.node = node;
        this.nodes = nodes;
        this.host = host;
        this.forms = new Forms(nodes, host, token);
    }

    Html of(Visit visit) {
        Cart cart = visit.cart();
        int pages = visit.countPage();
        Html content = Html.of(
                CONTENT,
                node.name(),
                node.name(),
                linkToOther(),
                Story.of(visit, node),
                new CartSection(forms).of(cart),
                new NodesSection(forms, nodes, node).html(),
                new SessionSection(forms).of(visit, pages));
        return frame("Node " + node.name(), Forms.color(node), content);
    }

    /** The answer to a form that is not ours. */
    static Html refusal() {
        return frame("Nothing was changed", "neutral", Html.of("""
                        <main class="width">
                          <section class="news">
                            <h1>Nothing was changed</h1>
                            <p>This form was made for another session, or before you logged in or out.</p>
                            <p><a href="/">Back to the page</a></p>
                          </section>
                        </main>
                        """));
    }

    private static Html frame(String title, String color, Html content) {
        return Html.of(FRAME, title, color, content);
    }

    private Html linkToOther() {
        Node other = nodes.otherThan(node);
        if (!other.isRunning()) {
            return Html.of("<p class=\"stopped\">Node {} is stopped</p>", other.name());
        }
        return Html.of(
                "<a class=\"ask {}\" href=\"{}\">Ask node {}</a>", Forms.color(other), other.url(host), other.name());
    }

    /** Where the forms of this page may be sent to, for the browser to check. */
    String formTargets() {
        return nodes.both().stream().map(each -> each.url(host)).collect(Collectors.joining(" "));
    }
}
