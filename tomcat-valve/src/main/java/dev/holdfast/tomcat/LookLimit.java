package dev.holdfast.tomcat;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a look for the session from asking Redis where the container asks out of habit, and nobody needs to know. Holds
 * for the calling thread.
 */
enum LookLimit {

    /** Only what the request has already looked up. */
    AT_HAND,

    /** Only a session of this node that somebody has logged in to. */
    LOGGED_IN_HERE;

    private static final ThreadLocal<LookLimit> CURRENT = new ThreadLocal<>();

    /** The limit of the calling thread, or null if there is none. */
    static @Nullable LookLimit current() {
        return CURRENT.get();
    }

    void begin() {
        CURRENT.set(this);
    }

    static void end() {
        CURRENT.remove();
    }
}
