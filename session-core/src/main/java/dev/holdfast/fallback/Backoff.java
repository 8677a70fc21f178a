package dev.holdfast.fallback;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to rest between attempts: twice as long after each one that failed, up to a bound, and up to a half of it less by
 * chance, so that nodes that lost the same Redis do not come back to it together. For one thread.
 */
final class Backoff {

    static final Duration FIRST = Duration.ofMillis(250);
    static final Duration LONGEST = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private long nextMillis = FIRST.toMillis();

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The rest after a further failure. */
    Duration next() {
        long whole = nextMillis;
        nextMillis = Math.min(2 * whole, LONGEST.toMillis());
        long half = whole / 2;
        return Duration.ofMillis(whole - half + random.nextLong(half + 1));
    }
}
