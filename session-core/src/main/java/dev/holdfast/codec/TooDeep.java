package dev.holdfast.codec;

/** A signal, not an error: the graph is nested deeper than the stack of a request thread should bear. */
final class TooDeep extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooDeep() {
        super("The objects are nested deeply", null, false, false);
    }
}
