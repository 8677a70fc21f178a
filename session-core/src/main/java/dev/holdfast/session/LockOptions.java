package dev.holdfast.session;

import java.time.Duration;

/**
 * How requests that use their session exclusively wait for it. Immutable.
 *
 * @param timeout how long a request waits for another one; 0 means not at all
 * @param lease how long a lock outlives its node; renewed while the request lives
 * @param proceed what happens when the time is up: true goes on without the lock, false throws a
 *     {@link SessionLockedException}
 */
public record LockOptions(Duration timeout, Duration lease, boolean proceed) {}
