package dev.holdfast.demo;

import java.io.Serializable;

/** A product in the cart, and how many of it. */
final class CartLine implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Product product;
    private int quantity;

    CartLine(Product product) {
        this.product = product;
    }

    Product product() {
        return product;
    }

    int quantity() {
        return quantity;
    }

    int cents() {
        return quantity * product.cents();
    }

    void add(int more) {
        quantity = Math.max(0, Math.min(Cart.MOST_OF_ONE, quantity + more));
    }
}
