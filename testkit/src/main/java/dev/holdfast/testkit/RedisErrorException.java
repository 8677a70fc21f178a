package dev.holdfast.testkit;

/** Redis answered with an error; the message is the one of Redis, such as {@code WRONGTYPE Operation against ...}. */
public final class RedisErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedisErrorException(String message) {
        super(message);
    }
}
