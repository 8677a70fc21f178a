package dev.holdfast.config;

/** When a request's changes are written. */
public enum WriteMode {
    /** Before the first byte of the response leaves. */
    SYNC
}
