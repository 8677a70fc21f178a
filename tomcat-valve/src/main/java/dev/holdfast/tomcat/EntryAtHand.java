package dev.holdfast.tomcat;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.authenticator.SingleSignOnEntry;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the place of the entries that Tomcat's own valve remembers: whatever key is asked for, it gives the entry that
 * the request of the calling thread has found in Redis, and nothing that another request has found. It holds nothing for
 * longer than a request.
 */
final class EntryAtHand extends AbstractMap<String, SingleSignOnEntry> {

    private static final ThreadLocal<SingleSignOnEntry> ENTRY = new ThreadLocal<>();

    void set(@Nullable SingleSignOnEntry found) {
        if (found == null) {
            ENTRY.remove();
        } else {
            ENTRY.set(found);
        }
    }

    @Override
    public @Nullable SingleSignOnEntry get(@Nullable Object key) {
        return ENTRY.get();
    }

    /** Nobody looks through the entries of all users. */
    @Override
    public Set<Map.Entry<String, SingleSignOnEntry>> entrySet() {
        return Set.of();
    }
}
