package dev.holdfast.config;

/** What a request may trust when it looks at its session. */
public enum Consistency {
    /** Nothing but Redis: every request asks it once, so it sees what any node has written. */
    STRICT
}
