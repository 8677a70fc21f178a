package dev.holdfast.session;

import dev.holdfast.model.Delta;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.DueSessions;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.Known;
import dev.holdfast.store.Listing;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A store that counts calls, may be down, may lose an answer, and lets a test act while a call is under way. */
final class ProbedStore implements SessionStore {

    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final AtomicBoolean down = new AtomicBoolean();
    private final SessionStore delegate;
    private final Map<String, Runnable> afterwards = new HashMap<>();
    Delta lastDelta = Delta.nothing();
    int touches;

    ProbedStore(SessionStore delegate) {
        this.delegate = delegate;
    }

    private void call(String name) {
        if (down.get()) {
            throw new StoreException(StoreException.Reason.CONNECT, "down by intent");
        }
        calls.add(name);
    }

    /** Runs once, when the store has done what is asked, before the answer arrives. */
    void after(String call, Runnable action) {
        afterwards.put(call, action);
    }

    /** The next such call is done, but its answer is lost. */
    void loseAnswerOf(String call) {
        after(call, () -> {
            throw new StoreException(StoreException.Reason.TIMEOUT, "answer lost by intent");
        });
    }

    private <T> T answered(String call, T answer) {
        Runnable action = afterwards.remove(call);
        if (action != null) {
            action.run();
        }
        return answer;
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch) {
        call("load");
        touches += touch ? 1 : 0;
        return answered("load", delegate.load(id, known, touch));
    }

    @Override
    public void listen(EndListener listener) {
        delegate.listen(listener);
    }

    @Override
    public Loaded restore(NewSession copy, Set<String> removed, int token) {
        call("restore");
        return answered("restore", delegate.restore(copy, removed, token));
    }

    @Override
    public Created create(NewSession session) {
        call("create");
        return answered("create", delegate.create(session));
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token) {
        call("commit");
        lastDelta = delta;
        return answered("commit", delegate.commit(id, known, delta, token));
    }

    @Override
    public boolean commitLeaving(SessionId id, Known known, Delta delta, int token) {
        call("commitLeaving");
        lastDelta = delta;
        return answered("commitLeaving", delegate.commitLeaving(id, known, delta, token));
    }

    @Override
    public Reconciled reconcile(SessionId id, long createdMillis, long knownRevision, OfflineDelta delta, int token) {
        call("reconcile");
        return answered("reconcile", delegate.reconcile(id, createdMillis, knownRevision, delta, token));
    }

    @Override
    public long nowMillis() {
        return delegate.nowMillis();
    }

    @Override
    public Renamed rename(SessionId id, long createdMillis, SessionId newId) {
        call("rename");
        return answered("rename", delegate.rename(id, createdMillis, newId));
    }

    @Override
    public Removed remove(SessionId id, long createdMillis) {
        call("remove");
        return answered("remove", delegate.remove(id, createdMillis));
    }

    @Override
    public Removed bury(SessionId id, long createdMillis) {
        call("bury");
        return answered("bury", delegate.bury(id, createdMillis));
    }

    @Override
    public Superseded supersede(SessionId id, long createdMillis, long revision, SessionId successor) {
        call("supersede");
        return answered("supersede", delegate.supersede(id, createdMillis, revision, successor));
    }

    @Override
    public void keep(SessionId id, long createdMillis) {
        call("keep");
        delegate.keep(id, createdMillis);
    }

    @Override
    public FailureDomains failureDomains() {
        return delegate.failureDomains();
    }

    @Override
    public DueSessions due() {
        return delegate.due();
    }

    @Override
    public SessionLocks locks() {
        return delegate.locks();
    }

    @Override
    public Listing list(Duration patience) {
        call("list");
        return delegate.list(patience);
    }

    @Override
    public boolean colocated(SessionId one, SessionId other) {
        return delegate.colocated(one, other);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
