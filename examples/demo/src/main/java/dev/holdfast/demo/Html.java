package dev.holdfast.demo;

import java.util.List;
import java.util.stream.Collectors;

/** A piece of a page. What is put into a template is escaped, unless it is such a piece itself. */
record Html(String markup) {

    static final Html NOTHING = new Html("");

    private static final String HOLE = "{}";

    /**
     * Fills a template.
     *
     * @param template markup written by us, attributes in double quotes, with {@code {}} for each value
     * @param values put in, in this order; text is escaped
     */
    static Html of(String template, Object... values) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (Object value : values) {
            int hole = template.indexOf(HOLE, from);
            if (hole < 0) {
                throw new IllegalArgumentException("More values than holes: " + template);
            }
            filled.append(template, from, hole).append(markupOf(value));
            from = hole + HOLE.length();
        }
        if (template.indexOf(HOLE, from) >= 0) {
            throw new IllegalArgumentException("More holes than values: " + template);
        }
        return new Html(filled.append(template, from, template.length()).toString());
    }

    static Html join(List<Html> pieces) {
        return new Html(pieces.stream().map(Html::markup).collect(Collectors.joining()));
    }

    private static String markupOf(Object value) {
        return value instanceof Html html ? html.markup : escape(value.toString());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
