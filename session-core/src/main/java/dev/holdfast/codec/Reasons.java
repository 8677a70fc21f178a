package dev.holdfast.codec;

import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.util.ConcurrentModificationException;
import org.jspecify.annotations.Nullable;

/** Makes messages of exceptions that came from elsewhere, whose own messages may quote what a user has typed. */
final class Reasons {

    private static final int LONGEST_CHAIN = 20;

    private Reasons() {}

    /** What went wrong, in words that hold no values. */
    static String of(Throwable failure) {
        if (failure instanceof GraphException inGraph) {
            return inGraph.describe();
        }
        if (failure instanceof TooDeep || failure instanceof StackOverflowError) {
            return "the objects are nested too deeply (more than " + DeepStack.MAX_DEPTH + " levels)";
        }
        if (failure instanceof ClassNotFoundException) {
            return "class " + Shown.of(failure.getMessage()) + " is not known to the web application";
        }
        if (failure instanceof NotSerializableException) {
            return Shown.of(failure.getMessage()) + " is not Serializable";
        }
        if (failure instanceof InvalidClassException) {
            return Shown.of(failure.getMessage());
        }
        return failure.getClass().getName();
    }

    /** The exception's type and stack trace, and those of its causes, without their messages. */
    static Throwable withoutMessages(Throwable failure) {
        return redact(failure, LONGEST_CHAIN);
    }

    private static Redacted redact(Throwable failure, int length) {
        Throwable cause = failure.getCause();
        return new Redacted(failure, cause == null || length == 0 ? null : redact(cause, length - 1));
    }

    /** The concurrent modification that is behind an exception, if there is one. */
    static @Nullable ConcurrentModificationException concurrentModification(Throwable failure) {
        return find(ConcurrentModificationException.class, failure);
    }

    /** The exception of a kind that is behind another one, if there is one: code of the application may have wrapped it. */
    static <T extends Throwable> @Nullable T find(Class<T> kind, Throwable failure) {
        Throwable current = failure;
        for (int i = 0; i < LONGEST_CHAIN && current != null; i++) {
            if (kind.isInstance(current)) {
                return kind.cast(current);
            }
            current = current.getCause();
        }
        return null;
    }

    /** Stands for an exception whose message is nobody's business. */
    private static final class Redacted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Redacted(Throwable original, @Nullable Throwable cause) {
            super(
                    original instanceof GraphException
                            ? original.getMessage()
                            : original.getClass().getName(),
                    cause,
                    false,
                    true);
            setStackTrace(original.getStackTrace());
        }
    }
}
