package dev.holdfast.fallback;

import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.OfflineSignOn;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoredSignOn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A store of single sign-ons that may not be there yet: until its {@link Connector} has opened it, every call throws at once
 * and says why. Thread-safe.
 */
public final class LateSignOnStore implements SignOnStore {

    private static final Duration MOST_CLOSE = Duration.ofSeconds(3);

    private final Connector<SignOnStore> connector;

    /** @param connector opens the store; closed with this one */
    public LateSignOnStore(Connector<SignOnStore> connector) {
        this.connector = connector;
    }

    @Override
    public String begin(SignOnId id, StoredSignOn signOn, SignOnMember first, int maxInactiveSeconds) {
        return connector.store().begin(id, signOn, first, maxInactiveSeconds);
    }

    @Override
    public Optional<StoredSignOn.Found> look(SignOnId id) {
        return connector.store().look(id);
    }

    @Override
    public boolean update(SignOnId id, StoredSignOn signOn) {
        return connector.store().update(id, signOn);
    }

    @Override
    public boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds) {
        return connector.store().join(id, session, maxInactiveSeconds);
    }

    @Override
    public boolean move(SignOnId id, SignOnMember before, SignOnMember now, int maxInactiveSeconds) {
        return connector.store().move(id, before, now, maxInactiveSeconds);
    }

    @Override
    public boolean leave(SignOnId id, SignOnMember session) {
        return connector.store().leave(id, session);
    }

    @Override
    public Optional<List<SignOnMember>> end(SignOnId id) {
        return connector.store().end(id);
    }

    @Override
    public Optional<List<SignOnMember>> bury(SignOnId id, OptionalInt longestIntervalSeconds) {
        return connector.store().bury(id, longestIntervalSeconds);
    }

    @Override
    public Optional<StoredSignOn.Found> reconcile(SignOnId id, OfflineSignOn known) {
        return connector.store().reconcile(id, known);
    }

    @Override
    public void probe() {
        connector.store().probe();
    }

    /** Why the store is not there yet; null if it is. */
    @Nullable
    StoreException absence() {
        return connector.absence();
    }

    /** See {@link Connector#whenThere}. */
    void whenThere(Runnable task) {
        connector.whenThere(task);
    }

    @Override
    public void close() {
        connector.close(Deadline.in(MOST_CLOSE));
        SignOnStore opened = connector.storeOrNull();
        if (opened != null) {
            opened.close();
        }
    }
}
