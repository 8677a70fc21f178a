package dev.holdfast.demo;

import java.util.List;

/** The cart on the page. */
final class CartSection {

    private static final String SECTION = """
            <section class="cart">
              <h2>Cart</h2>
              <p class="hint">A plain object in the session. It is changed where it is; nobody calls setAttribute.</p>
              {}
              {}
            </section>
            """;

    private static final String TABLE = """
            <table>
              <thead><tr><th>Item</th><th class="number">Price</th><th class="number">Quantity</th>
                <th class="number">Sum</th><th class="change">Change it on node</th></tr></thead>
              <tbody>{}</tbody>
              <tfoot><tr><th colspan="3">Total</th><td class="number total">{}</td><td class="change"></td></tr></tfoot>
            </table>
            """;

    private static final String ROW = """
            <tr><th scope="row">{}</th><td class="number price">{}</td><td class="number quantity">{}</td>
              <td class="number">{}</td><td class="change">{}</td></tr>
            """;

    private final Forms forms;

    CartSection(Forms forms) {
        this.forms = forms;
    }

    Html of(Cart cart) {
        return Html.of(SECTION, table(cart.lines()), addition());
    }

    private Html table(List<CartLine> lines) {
        if (lines.isEmpty()) {
            return Html.of("<p class=\"empty\">The cart is empty. Add something on one node, then ask the other.</p>");
        }
        int total = lines.stream().mapToInt(CartLine::cents).sum();
        return Html.of(TABLE, Html.join(lines.stream().map(this::row).toList()), money(total));
    }

    private Html row(CartLine line) {
        Product product = line.product();
        return Html.of(
                ROW, product.name(), money(product.cents()), line.quantity(), money(line.cents()), changes(product));
    }

    private Html changes(Product product) {
        Html item = Html.of("<input type=\"hidden\" name=\"item\" value=\"{}\">", product.code());
        return forms.form("steps", Html.of("{}{}", item, forms.forBoth(node -> changesOn(node, product))));
    }

    private Html changesOn(Node node, Product product) {
        return Html.of(
                "<span class=\"group {}\"><b>{}</b>{}{}{}</span>",
                Forms.color(node),
                node.name(),
                step(node, "−", "takeOne", "One less of " + product.name()),
                step(node, "+", "add", "One more of " + product.name()),
                step(node, "×", "remove", "Remove " + product.name()));
    }

    private Html step(Node node, String label, String value, String meaning) {
        return forms.button(node, "cart", label, value, meaning + ", on node " + node.name());
    }

    private Html addition() {
        Html options = Html.join(Product.CATALOGUE.stream()
                .map(product -> Html.of(
                        "<option value=\"{}\">{} · {}</option>",
                        product.code(),
                        product.name(),
                        money(product.cents())))
                .toList());
        Html choice = Html.of("<select name=\"item\" aria-label=\"Item\">{}</select>", options);
        return forms.form("add", Html.of("{}{}", choice, forms.buttons("Add", "cart", "add")));
    }

    private static String money(int cents) {
        return "€ %d.%02d".formatted(cents / 100, cents % 100);
    }
}
