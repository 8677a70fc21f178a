package dev.holdfast.fallback;

import java.time.Duration;

/**
 * When a breaker opens, and when it looks again.
 *
 * @param failureRateThreshold the share of failed calls in a full window that opens it; 1 to 100 percent
 * @param slidingWindowSize how many of the latest calls are counted; 5 to 1000
 * @param openInterval how long it stays open until a probe is sent; 50 ms to 60 s
 * @param probePatience how long a probe may take at most: a store that takes longer than requests wait is of no use to them
 */
public record BreakerOptions(
        int failureRateThreshold, int slidingWindowSize, Duration openInterval, Duration probePatience) {

    /** So many failures in a row open a breaker, also before the window is full: a quiet node must not wait for long. */
    static final int MOST_FAILURES_IN_A_ROW = 5;

    private static final Duration LEAST_INTERVAL = Duration.ofMillis(50);
    private static final Duration MOST_INTERVAL = Duration.ofSeconds(60);

    /** With probes that may take as long as any call. */
    public BreakerOptions(int failureRateThreshold, int slidingWindowSize, Duration openInterval) {
        this(failureRateThreshold, slidingWindowSize, openInterval, Duration.ofMinutes(1));
    }

    /** The same, with probes that take no longer than this. */
    public BreakerOptions withProbePatience(Duration patience) {
        return new BreakerOptions(failureRateThreshold, slidingWindowSize, openInterval, patience);
    }

    /**
     * Checks every range.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public BreakerOptions {
        if (failureRateThreshold < 1 || failureRateThreshold > 100) {
            throw new IllegalArgumentException("failureRateThreshold is " + failureRateThreshold + " (1 to 100)");
        }
        if (slidingWindowSize < MOST_FAILURES_IN_A_ROW || slidingWindowSize > 1000) {
            throw new IllegalArgumentException("slidingWindowSize is " + slidingWindowSize + " (5 to 1000)");
        }
        if (openInterval.compareTo(LEAST_INTERVAL) < 0 || openInterval.compareTo(MOST_INTERVAL) > 0) {
            throw new IllegalArgumentException("openInterval is " + openInterval + " (50 ms to 60 s)");
        }
        if (probePatience.isNegative() || probePatience.isZero()) {
            throw new IllegalArgumentException("probePatience is " + probePatience + " (more than zero)");
        }
    }
}
