package dev.holdfast.demo;

import java.io.Serializable;
import java.time.Instant;

/** The last change of a cart: what, and on which node. */
final class CartChange implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String nodeName;
    private final Instant time;

    CartChange(String what, String nodeName, Instant time) {
        this.what = what;
        this.nodeName = nodeName;
        this.time = time;
    }

    /** A sentence without its end. */
    String what() {
        return what;
    }

    String nodeName() {
        return nodeName;
    }

    Instant time() {
        return time;
    }
}
