package dev.holdfast.config;

/** What becomes of an attribute that is larger than it may be, or makes its session so. */
public enum OnOversize {
    /** It is stored, and a message says so. */
    WARN,
    /** It stays on its node. */
    REJECT
}
