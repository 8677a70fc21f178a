package dev.holdfast.benchmarks.codec;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A position of a cart: an ordinary class, as old applications have it. */
public final class Item implements Serializable {

    private static final long serialVersionUID = 1;

    private final String articleNumber;
    private final String title;
    private final int quantity;
    private final BigDecimal price;
    private final LocalDateTime added;

    Item(int number) {
        articleNumber = "A-%06d".formatted(number * 7919);
        title = "Article " + number + ", blue, with a handle";
        quantity = 1 + number % 3;
        price = BigDecimal.valueOf(1999 + number, 2);
        added = LocalDateTime.of(2026, 11, 1, 9, 30).plusSeconds(number);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Item item
                && item.articleNumber.equals(articleNumber)
                && item.title.equals(title)
                && item.quantity == quantity
                && item.price.equals(price)
                && item.added.equals(added);
    }

    @Override
    public int hashCode() {
        return Objects.hash(articleNumber, title, quantity, price, added);
    }
}
