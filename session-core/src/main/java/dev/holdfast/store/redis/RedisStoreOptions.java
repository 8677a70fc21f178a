package dev.holdfast.store.redis;

import dev.holdfast.crypto.Place;
import dev.holdfast.crypto.Protection;
import dev.holdfast.crypto.Vault;
import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How sessions are laid out in Redis, and how long a call may take. Immutable.
 *
 * @param prefix what all keys begin with; 1 to 64 characters other than braces and white space
 * @param application the name that the nodes of one application share; 1 to 256 characters other than braces and control
 *     characters
 * @param partitions how many slots of a cluster the sessions spread over; 1 to 1024. It is fixed for an application
 *     name: other nodes with another number are refused
 * @param ttlMargin how long keys outlive the time of expiry, so that a listener can still read the session; 1 second to
 *     30 days
 * @param touchInterval an access is only written if the last one that was written is older; 0 (every access is) to 1
 *     hour, and in effect never more than half the max-inactive interval
 * @param operationTimeout the longest that a call waits for Redis; 1 millisecond to 1 minute
 * @param idleFromStart whether idle time counts from the arrival of the last request, also if it has written something;
 *     otherwise a commit counts as a use of the session
 * @param protection what is done to values on their way to Redis and back
 */
public record RedisStoreOptions(
        String prefix,
        String application,
        int partitions,
        Duration ttlMargin,
        Duration touchInterval,
        Duration operationTimeout,
        boolean idleFromStart,
        Protection protection) {

    /** The default of {@link #prefix()}. */
    public static final String DEFAULT_PREFIX = "holdfast";

    /** The default of {@link #partitions()}. */
    public static final int DEFAULT_PARTITIONS = 16;

    /** The default of {@link #ttlMargin()}. */
    public static final Duration DEFAULT_TTL_MARGIN = Duration.ofHours(1);

    /** The default of {@link #touchInterval()}: every access is written. */
    public static final Duration DEFAULT_TOUCH_INTERVAL = Duration.ZERO;

    /** The default of {@link #operationTimeout()}. */
    public static final Duration DEFAULT_OPERATION_TIMEOUT = Duration.ofSeconds(2);

    /** With idle times that count from the last use, commits among them. */
    public RedisStoreOptions(
            String prefix,
            String application,
            int partitions,
            Duration ttlMargin,
            Duration touchInterval,
            Duration operationTimeout) {
        this(prefix, application, partitions, ttlMargin, touchInterval, operationTimeout, false);
    }

    /** With values that go to Redis as they are. */
    public RedisStoreOptions(
            String prefix,
            String application,
            int partitions,
            Duration ttlMargin,
            Duration touchInterval,
            Duration operationTimeout,
            boolean idleFromStart) {
        this(
                prefix,
                application,
                partitions,
                ttlMargin,
                touchInterval,
                operationTimeout,
                idleFromStart,
                Protection.none(application));
    }

    /** The same, with values that are protected. */
    public RedisStoreOptions withProtection(Protection other) {
        return new RedisStoreOptions(
                prefix, application, partitions, ttlMargin, touchInterval, operationTimeout, idleFromStart, other);
    }

    /** How ids are written in Redis. */
    IdNames ids() {
        return new IdNames(protection);
    }

    /** Where the attributes of a session are. */
    Vault vaultOf(SessionId id, long createdMillis) {
        return protection.in(new Place("session", application, id.value(), createdMillis));
    }

    /** Where the login of a sign-on is. */
    Vault vaultOf(SignOnId id) {
        return protection.in(new Place("sign-on", application, id.value(), 0));
    }

    private static final int MAX_PREFIX_LENGTH = 64;
    private static final int MAX_APPLICATION_LENGTH = 256;
    private static final int MAX_PARTITIONS = 1024;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if any value is out of range; the message names all that are
     */
    public RedisStoreOptions {
        List<String> problems = new ArrayList<>();
        if (prefix.isEmpty()
                || prefix.length() > MAX_PREFIX_LENGTH
                || !prefix.chars().allMatch(RedisStoreOptions::fitsPrefix)) {
            problems.add("prefix is \"" + prefix + "\" (allowed: 1 to " + MAX_PREFIX_LENGTH
                    + " characters other than braces and white space)");
        }
        if (application.isEmpty()
                || application.length() > MAX_APPLICATION_LENGTH
                || !application.chars().allMatch(RedisStoreOptions::fitsApplication)) {
            problems.add("application is \"" + application + "\" (allowed: 1 to " + MAX_APPLICATION_LENGTH
                    + " characters other than braces and control characters)");
        }
        if (partitions < 1 || partitions > MAX_PARTITIONS) {
            problems.add("partitions is " + partitions + " (allowed: 1 to " + MAX_PARTITIONS + ")");
        }
        check(problems, "ttlMargin", ttlMargin, Duration.ofSeconds(1), Duration.ofDays(30));
        check(problems, "touchInterval", touchInterval, Duration.ZERO, Duration.ofHours(1));
        check(problems, "operationTimeout", operationTimeout, Duration.ofMillis(1), Duration.ofMinutes(1));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    /**
     * The defaults.
     *
     * @param application see {@link #application()}
     */
    public static RedisStoreOptions of(String application) {
        return new RedisStoreOptions(
                DEFAULT_PREFIX,
                application,
                DEFAULT_PARTITIONS,
                DEFAULT_TTL_MARGIN,
                DEFAULT_TOUCH_INTERVAL,
                DEFAULT_OPERATION_TIMEOUT);
    }

    private static void check(List<String> problems, String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(name + " is " + value + " (allowed: " + least + " to " + most + ")");
        }
    }

    private static boolean fitsPrefix(int character) {
        return fitsApplication(character) && !Character.isWhitespace(character);
    }

    private static boolean fitsApplication(int character) {
        return character != '{' && character != '}' && !Character.isISOControl(character);
    }
}
