package dev.holdfast.config;

/** Whether a session is used by one request at a time. */
public enum Locking {
    /** No lock: requests run side by side, and of two that set the same attribute the last one wins. */
    NONE
}
