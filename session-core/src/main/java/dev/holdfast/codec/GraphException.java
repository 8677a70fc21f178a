package dev.holdfast.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something in a graph of objects that cannot be encoded or decoded. On its way up it collects the path of fields that
 * leads there. Its message names classes and fields, never values.
 */
class GraphException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int SHOWN_STEPS = 12;

    private final List<String> deepestSteps = new ArrayList<>();
    private int otherSteps;

    GraphException(String message) {
        super(Shown.of(message));
    }

    GraphException(String message, @Nullable Throwable cause) {
        super(Shown.of(message), cause);
    }

    /** Adds the next outer step of the path. */
    GraphException at(String step) {
        if (deepestSteps.size() < SHOWN_STEPS) {
            deepestSteps.add(Shown.of(step));
        } else {
            otherSteps++;
        }
        return this;
    }

    /** What is wrong, and where. */
    String describe() {
        StringBuilder text = new StringBuilder(String.valueOf(getMessage()));
        if (!deepestSteps.isEmpty()) {
            text.append(", reached by ");
            if (otherSteps > 0) {
                text.append("(").append(otherSteps).append(" more) > ");
            }
            for (int i = deepestSteps.size() - 1; i >= 0; i--) {
                text.append(deepestSteps.get(i)).append(i == 0 ? "" : " > ");
            }
        }
        return text.toString();
    }
}
