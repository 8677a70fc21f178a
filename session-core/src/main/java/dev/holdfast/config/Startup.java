package dev.holdfast.config;

/** What becomes of a start when Redis is not there. */
public enum Startup {
    /** It goes on without, and Redis is looked for in the background. */
    TOLERANT,
    /** It is refused. */
    STRICT
}
