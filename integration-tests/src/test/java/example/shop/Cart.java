package example.shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A session attribute that the application changes in place. */
public final class Cart implements Serializable {

    private static final long serialVersionUID = 1L;

    private final List<Line> lines = new ArrayList<>();

    /** One more of an article. */
    public void add(String article) {
        for (Line line : lines) {
            if (line.article.equals(article)) {
                line.count++;
                return;
            }
        }
        lines.add(new Line(article));
    }

    @Override
    public String toString() {
        return lines.toString();
    }

    /** An article and how many of it. */
    static final class Line implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String article;
        private int count = 1;

        Line(String article) {
            this.article = article;
        }

        @Override
        public String toString() {
            return count + " " + article;
        }
    }
}
