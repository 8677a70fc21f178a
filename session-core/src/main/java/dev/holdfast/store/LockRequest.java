package dev.holdfast.store;

import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Who wants a session for itself, and for how long. Immutable.
 *
 * @param owner names one request in the whole cluster: 16 hexadecimal digits, in lower case
 * @param lease how long the lock lasts if it is neither given back nor renewed, as when the node dies; 1 ms or more
 * @param wanted whether others wait for it already, so that they are told when it is given back
 */
public record LockRequest(String owner, Duration lease, boolean wanted) {

    private static final Pattern OWNER = Pattern.compile("[0-9a-f]{16}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the owner has another form, or if the lease is shorter than 1 ms
     */
    public LockRequest {
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException("The owner of a lock has 16 hexadecimal digits");
        }
        if (lease.toMillis() < 1) {
            throw new IllegalArgumentException("The lease is " + lease + " (allowed: 1 ms or more)");
        }
    }

    /** A request of an owner behind which nobody is known to wait. */
    public LockRequest(String owner, Duration lease) {
        this(owner, lease, false);
    }

    /** The same request of an owner behind which others wait. */
    public LockRequest wantedByOthers() {
        return new LockRequest(owner, lease, true);
    }

    /** A request of a new owner. */
    public static LockRequest ofNewOwner(Duration lease) {
        return new LockRequest(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()), lease);
    }
}
