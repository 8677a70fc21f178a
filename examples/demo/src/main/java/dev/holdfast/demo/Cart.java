package dev.holdfast.demo;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cart, as an application written for one node has it: put into the session once, and from then on changed where it
 * is. Thread-safe, because two requests of one session may meet.
 */
final class Cart implements Serializable {

    private static final long serialVersionUID = 1L;

    static final int MOST_OF_ONE = 99;

    private final List<CartLine> lines = new ArrayList<>();
    private @Nullable CartChange lastChange;

    /** Puts one of a product into it. */
    synchronized void add(Product product, String nodeName) {
        CartLine line = find(product).orElseGet(() -> newLine(product));
        line.add(1);
        changed(line, nodeName);
    }

    /** Takes one of a product out of it. */
    synchronized void takeOne(Product product, String nodeName) {
        find(product).ifPresent(line -> {
            line.add(-1);
            lines.removeIf(each -> each.quantity() == 0);
            changed(line, nodeName);
        });
    }

    /** Takes all of a product out of it. */
    synchronized void remove(Product product, String nodeName) {
        find(product).ifPresent(line -> {
            line.add(-line.quantity());
            lines.remove(line);
            changed(line, nodeName);
        });
    }

    private Optional<CartLine> find(Product product) {
        return lines.stream()
                .filter(line -> line.product().code().equals(product.code()))
                .findFirst();
    }

    private CartLine newLine(Product product) {
        CartLine line = new CartLine(product);
        lines.add(line);
        return line;
    }

    private void changed(CartLine line, String nodeName) {
        String what = line.product().name() + ": now " + (line.quantity() == 0 ? "none" : line.quantity());
        lastChange = new CartChange(what, nodeName, Instant.now());
    }

    synchronized List<CartLine> lines() {
        return List.copyOf(lines);
    }

    synchronized Optional<CartChange> lastChange() {
        return Optional.ofNullable(lastChange);
    }
}
