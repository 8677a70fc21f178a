package dev.holdfast.demo;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** Something that can be put into the cart. */
final class Product implements Serializable {

    private static final long serialVersionUID = 1L;

    static final List<Product> CATALOGUE = List.of(
            new Product("anchor", "Anchor", 8_900),
            new Product("compass", "Compass", 3_450),
            new Product("lantern", "Lantern", 2_795),
            new Product("rope", "Rope, 20 m", 1_990),
            new Product("tea", "Tea, strong", 480));

    private final String code;
    private final String name;
    private final int cents;

    private Product(String code, String name, int cents) {
        this.code = code;
        this.name = name;
        this.cents = cents;
    }

    static Optional<Product> find(String code) {
        return CATALOGUE.stream().filter(product -> product.code.equals(code)).findFirst();
    }

    String code() {
        return code;
    }

    String name() {
        return name;
    }

    int cents() {
        return cents;
    }
}
