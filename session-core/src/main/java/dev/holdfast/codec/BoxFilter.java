package dev.holdfast.codec;

import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a stream of Java serialization may cost by the length of the stream. What JDK classes really write stays far
 * below; only bytes that lie about a length, or nest for the sake of nesting, do not.
 */
final class BoxFilter implements ObjectInputFilter {

    private static final long FREE_ELEMENTS = 1024;
    private static final long ELEMENTS_PER_BYTE = 16;

    private long allowedBytes;
    private long elements;

    /** Adds to the length of the stream. */
    BoxFilter allow(long bytes) {
        allowedBytes += bytes;
        return this;
    }

    @Override
    public Status checkInput(@Nullable FilterInfo info) {
        if (info == null) {
            return Status.REJECTED;
        }
        if (info.arrayLength() > 0) {
            elements += info.arrayLength();
        }
        boolean tooMuch = info.depth() > DeepStack.MAX_DEPTH
                || info.references() > allowedBytes
                || elements > FREE_ELEMENTS + ELEMENTS_PER_BYTE * allowedBytes;
        return tooMuch ? Status.REJECTED : Status.UNDECIDED;
    }
}
