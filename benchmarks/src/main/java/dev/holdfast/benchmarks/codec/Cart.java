package dev.holdfast.benchmarks.codec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What somebody wants to buy. */
public final class Cart implements Serializable {

    private static final long serialVersionUID = 1;

    private final String customer;
    private final List<Item> items;

    Cart(String customer, int items) {
        this.customer = customer;
        this.items =
                new ArrayList<>(IntStream.range(0, items).mapToObj(Item::new).toList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cart cart && cart.customer.equals(customer) && cart.items.equals(items);
    }

    @Override
    public int hashCode() {
        return Objects.hash(customer, items);
    }
}
