package dev.holdfast.benchmarks;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.BitSet;
import java.util.HexFormat;

/** Counts the ends of numbered sessions on this node: each number should be heard once in all nodes. Thread-safe. */
public final class EndCounter implements HttpSessionListener {

    /** The attribute that numbers a session. */
    static final String NUMBER = "number";

    private static final BitSet ENDED = new BitSet();
    private static long ends;

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        if (event.getSession().getAttribute(NUMBER) instanceof Integer number) {
            synchronized (ENDED) {
                ENDED.set(number);
                ends++;
            }
        }
    }

    /** How many ends there were, repeated ones included. */
    static long ends() {
        synchronized (ENDED) {
            return ends;
        }
    }

    /** The numbers, as a bit set in hexadecimal. */
    static String numbers() {
        synchronized (ENDED) {
            return HexFormat.of().formatHex(ENDED.toByteArray());
        }
    }
}
