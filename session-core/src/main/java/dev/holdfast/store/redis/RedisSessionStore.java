package dev.holdfast.store.redis;

import dev.holdfast.crypto.Vault;
import dev.holdfast.model.Delta;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.NewSession;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.Behind;
import dev.holdfast.store.Committed;
import dev.holdfast.store.Created;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.DueSessions;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.Known;
import dev.holdfast.store.Listing;
import dev.holdfast.store.Loaded;
import dev.holdfast.store.LockAnswer;
import dev.holdfast.store.LockRequest;
import dev.holdfast.store.Moved;
import dev.holdfast.store.Reconciled;
import dev.holdfast.store.Removed;
import dev.holdfast.store.Renamed;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.redis.ReplyReader.Changes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in Redis 6.2 or later: a single server, behind sentinels, or a cluster. Every call is one script, and so one
 * command and one atomic step. Thread-safe.
 *
 * <p>All instants but the creation time are Redis's: local clocks decide nothing.
 */
public final class RedisSessionStore implements SessionStore {

    /** Instants and revisions have six bytes in a record. */
    private static final long MAX_UINT48 = (1L << 48) - 1;

    static final int NO_TOUCH = -1;

    /** In bytes, of what leads to former ids: some fifteen of them. Whenever as much has come on, the chain is dissolved. */
    private static final int LONGEST_CHAIN = 1024;

    private final Keys keys;
    private final ScriptCaller scripts;
    private final RedisStoreOptions options;
    private final StoreClock clock;
    private final Epochs epochs;
    private final DueSessions due;
    private final RedisSessionLocks locks;
    private final Channel ends;
    private final SessionScan scan;
    private final FailureDomains failureDomains;
    private final Consumer<Deadline> onClose;

    private RedisSessionStore(
            RedisConnections connections, RedisStoreOptions options, StoreClock clock, Consumer<Deadline> onClose) {
        this.keys = new Keys(options);
        this.scripts = new ScriptCaller(connections.client(), connections.faults(), options.operationTimeout());
        this.options = options;
        this.clock = clock;
        this.epochs = new Epochs(options.partitions());
        this.due = new RedisDueSessions(keys, scripts, options, clock, epochs);
        this.locks = new RedisSessionLocks(this, keys, connections);
        this.ends = new Channel(connections, keys.ended());
        this.scan = new SessionScan(connections, keys, options.operationTimeout());
        this.failureDomains = new RedisFailureDomains(keys, scripts, options, clock, connections.isCluster());
        this.onClose = onClose;
    }

    /**
     * Connects to Redis, and checks that it can be worked with. Takes up to some seconds: not a task for the thread of a
     * request.
     *
     * @param source where Redis is
     * @param options how to use it
     * @return a store that closes its connections when it is closed
     * @throws StoreException if Redis cannot be reached, refuses user or password, is too old, does not allow what is
     *     needed, or holds sessions that are spread over another number of partitions
     */
    public static RedisSessionStore open(RedisSource source, RedisStoreOptions options) {
        RedisConnections connections = RedisConnections.open(source, options.operationTimeout());
        try {
            return open(connections, options, connections::close);
        } catch (RuntimeException e) {
            connections.close();
            throw e;
        }
    }

    /**
     * Checks that Redis can be worked with.
     *
     * @param connections connections that others use, too; they stay open when the store is closed
     * @param options how to use them
     * @return the store
     * @throws StoreException as {@link #open(RedisSource, RedisStoreOptions)}
     */
    public static RedisSessionStore open(RedisConnections connections, RedisStoreOptions options) {
        return open(connections, options, deadline -> {});
    }

    /**
     * Checks that Redis can be worked with.
     *
     * @param connections connections that others use, too
     * @param options how to use them
     * @param onClose called when the store is closed, with the time that is left
     * @return the store
     * @throws StoreException as {@link #open(RedisSource, RedisStoreOptions)}
     */
    public static RedisSessionStore open(
            RedisConnections connections, RedisStoreOptions options, Consumer<Deadline> onClose) {
        StoreClock clock = StoreClock.ofThisNode();
        new ServerCheck(connections, options, clock).run();
        return new RedisSessionStore(connections, options, clock, onClose);
    }

    @Override
    public Loaded load(SessionId id, Known known, boolean touch) {
        return load(id, known, touch, null);
    }

    Loaded load(SessionId id, Known known, boolean touch, @Nullable LockRequest lock) {
        int partition = keys.partition(id);
        Arguments arguments = Arguments.of(options, id, known.createdMillis())
                .number(Math.max(0, known.revision()))
                .token(known.token())
                .number(touch ? options.touchInterval().toMillis() : NO_TOUCH);
        List<Object> names = keysOf(partition, id);
        if (lock != null) {
            names = with(names, keys.lock(partition, id));
            arguments
                    .text(lock.owner() + (lock.wanted() ? "+" : ""))
                    .number(lock.lease().toMillis());
        }
        ReplyReader reply = call(Script.LOAD, names, arguments);
        return switch (reply.status()) {
            case 'A' -> {
                String epoch = reply.text();
                epochs.seen(partition, epoch);
                yield reply.instant().last(new Loaded.Absent(epoch));
            }
            case 'D' -> reply.last(new Loaded.Due());
            case 'L' -> reply.last(new Loaded.Locked(reply.number()));
            case 'U' -> reply.last(new Loaded.Unchanged(reply.metadata()));
            case 'C' -> {
                Metadata metadata = reply.metadata();
                Changes changes = reply.changes(options.vaultOf(id, metadata.createdMillis()));
                yield new Loaded.Changed(metadata, changes.set(), changes.removed());
            }
            case 'E' -> everything(reply, id, partition);
            case 'B' -> new Loaded.Behind(reply.metadata(), reply.fieldNames());
            default -> throw reply.unknownStatus();
        };
    }

    private Loaded.Everything everything(ReplyReader reply, SessionId id, int partition) {
        Metadata metadata = reply.metadata();
        String epoch = reply.text();
        epochs.seen(partition, epoch);
        Vault vault = options.vaultOf(id, metadata.createdMillis());
        return new Loaded.Everything(metadata, reply.attributes(vault), epoch);
    }

    @Override
    public Loaded restore(NewSession copy, Set<String> removed, int token) {
        int partition = keys.partition(copy.id());
        Arguments arguments = Arguments.of(options, copy.id(), copy.createdMillis())
                .number(checked("revision", 1, copy.revision()))
                .number(checked("time of writing", 0, written(copy)))
                .number(copy.maxInactiveSeconds())
                .token(OptionalInt.of(token))
                .plainAttributes(copy.attributes(), removed);
        List<Object> names = with(keysOf(partition, copy.id()), keys.moved(partition, copy.id()));
        ReplyReader reply = call(Script.RESTORE, names, arguments);
        return switch (reply.status()) {
            case 'E' -> everything(reply, copy.id(), partition);
            case 'G' -> reply.last(new Loaded.Absent(reply.text()));
            case 'M' -> new Loaded.Absent("");
            default -> throw reply.unknownStatus();
        };
    }

    @Override
    public void listen(EndListener listener) {
        ends.listen(message -> tell(listener, message), listener::missedEnds);
    }

    /** The id and the creation time, with a blank in between. */
    private void tell(EndListener listener, String message) {
        int blank = message.indexOf(' ');
        if (blank > 0) {
            keys.ids()
                    .session(message.substring(0, blank))
                    .ifPresent(id -> listener.ended(id, Long.parseLong(message.substring(blank + 1))));
        }
    }

    @Override
    public String epochOf(SessionId id) {
        return epochs.last(keys.partition(id));
    }

    @Override
    public long recoveries() {
        return epochs.changes();
    }

    @Override
    public Created create(NewSession session) {
        return create(session, null);
    }

    Created create(NewSession session, @Nullable LockRequest lock) {
        int partition = keys.partition(session.id());
        Arguments arguments = Arguments.of(options, session.id(), checked("creation time", 0, session.createdMillis()))
                .number(checked("revision", 1, session.revision()))
                .number(session.maxInactiveSeconds())
                .number(checked("last access", 0, session.lastAccessedMillis()))
                .text(keys.ids().of(aside(session)))
                .text(lock == null ? "" : lock.owner() + lock.lease().toMillis())
                .token(OptionalInt.of(session.token()))
                .certificatesFor(session.attributes())
                .attributes(session.attributes(), checked("time of writing", 0, written(session)));
        List<Object> names = new ArrayList<>(keysOf(partition, session.id()));
        names.add(keys.record(partition, aside(session)));
        names.add(keys.lock(partition, session.id()));
        names.add(keys.ended(partition, session.id(), session.createdMillis()));
        ReplyReader reply = call(Script.CREATE, names, arguments);
        return switch (reply.status()) {
            case 'K' -> {
                Metadata metadata = reply.metadata();
                String epoch = reply.text();
                epochs.seen(partition, epoch);
                yield reply.last(new Created.Done(metadata, epoch));
            }
            case 'X' -> reply.last(new Created.Exists(reply.metadata()));
            case 'B' -> reply.last(new Created.Buried());
            default -> throw reply.unknownStatus();
        };
    }

    private long written(NewSession session) {
        return session.writtenMillis().orElseGet(clock::millis);
    }

    @Override
    public Committed commit(SessionId id, Known known, Delta delta, int token) {
        return commit(id, known, delta, token, "");
    }

    /** @param lock the lock that the commit depends on, see {@code commit.lua}; empty if there is none */
    Committed commit(SessionId id, Known known, Delta delta, int token, String lock) {
        String use = options.idleFromStart() ? "a" : "";
        ReplyReader reply = commit(id, known, delta, token, lock, use);
        return switch (reply.status()) {
            case 'K' -> {
                long[] revisions = reply.revisions();
                yield reply.last(new Committed.Applied(revisions[0], revisions[1]));
            }
            case 'L' -> reply.last(new Behind());
            case 'G' -> reply.last(new Committed.Gone(reply.text()));
            case 'F' -> reply.last(new Committed.Fenced());
            case 'M' -> reply.last(new Moved(reply.id(keys.ids())));
            default -> throw reply.unknownStatus();
        };
    }

    @Override
    public boolean commitLeaving(SessionId id, Known known, Delta delta, int token) {
        ReplyReader reply = commit(id, known, delta, token, "", "q");
        return switch (reply.status()) {
            case 'K' -> true;
            case 'B', 'G', 'M' -> false;
            default -> throw reply.unknownStatus();
        };
    }

    private ReplyReader commit(SessionId id, Known known, Delta delta, int token, String lock, String use) {
        int partition = keys.partition(id);
        Arguments arguments = Arguments.of(options, id, known.createdMillis())
                .number(checked("revision", 0, known.revision()))
                .token(known.token())
                .text(
                        delta.maxInactiveSeconds().isPresent()
                                ? Integer.toString(delta.maxInactiveSeconds().getAsInt())
                                : "")
                .text(lock)
                .text(use)
                .changes(delta, token, clock.millis());
        return call(Script.COMMIT, keysWithLock(partition, id), arguments);
    }

    @Override
    public Reconciled reconcile(SessionId id, long createdMillis, long knownRevision, OfflineDelta delta, int token) {
        int partition = keys.partition(id);
        Arguments arguments = Arguments.of(options, id, createdMillis)
                .number(checked("revision", 0, knownRevision))
                .offlineChanges(delta, token);
        List<Object> names = with(keysOf(partition, id), keys.moved(partition, id));
        ReplyReader reply = call(Script.RECONCILE, names, arguments);
        return switch (reply.status()) {
            case 'K' -> {
                long[] revisions = reply.revisions();
                Set<String> overruled = reply.names(reply.number());
                yield new Reconciled.Done(revisions[0], revisions[1], overruled, reply.names());
            }
            case 'L' -> reply.last(new Behind());
            case 'G' -> reply.last(new Reconciled.Gone(reply.text()));
            case 'M' -> reply.last(new Moved(reply.id(keys.ids())));
            default -> throw reply.unknownStatus();
        };
    }

    @Override
    public long nowMillis() {
        return clock.millis();
    }

    @Override
    public Renamed rename(SessionId id, long createdMillis, SessionId newId) {
        if (!colocated(id, newId)) {
            throw new IllegalArgumentException("Not in one partition: " + id + " and " + newId);
        }
        int partition = keys.partition(id);
        List<Object> names = List.of(
                keys.record(partition, id),
                keys.due(partition),
                keys.epoch(partition),
                keys.moved(partition, id),
                keys.record(partition, newId),
                keys.moved(partition, newId),
                keys.lock(partition, id),
                keys.lock(partition, newId));
        byte[] certificate = options.vaultOf(newId, createdMillis).certificate(id.value());
        Arguments arguments = Arguments.of(options, id, createdMillis)
                .text(keys.ids().of(newId))
                .text(keys.unlocked())
                .text(keys.ended())
                .certificate(certificate);
        ReplyReader reply = call(Script.RENAME, names, arguments);
        return switch (reply.status()) {
            case 'K' -> {
                if (hasGrownLong(reply.number(), certificate.length)) {
                    reseal(newId, createdMillis);
                }
                yield reply.last(new Renamed.Done());
            }
            case 'G' -> reply.last(new Renamed.Gone());
            case 'T' -> reply.last(new Renamed.Taken());
            case 'M' -> reply.last(new Moved(reply.id(keys.ids())));
            default -> throw reply.unknownStatus();
        };
    }

    /**
     * Whether a chain that was short before its last certificate is long with it, or was long and is so once more. Not
     * whenever it is long: a value that does not open here needs the whole chain, and keeps it as long as it is, so that
     * each change of id would load and encrypt everything again for nothing.
     */
    private static boolean hasGrownLong(long chain, int certificate) {
        return chain / LONGEST_CHAIN != (chain - certificate) / LONGEST_CHAIN;
    }

    /**
     * Encrypts all attributes anew, so that nothing needs the ids of before, apart from those that do not open here. Only
     * now and then, for sessions whose id changes often; the change of id itself is done by now. If it does not work this
     * time, it will when the chain has grown as much again.
     */
    private void reseal(SessionId id, long createdMillis) {
        try {
            if (load(id, Known.NOTHING, false) instanceof Loaded.Everything whole) {
                Arguments arguments = Arguments.of(options, id, createdMillis)
                        .number(whole.metadata().revision())
                        .token(OptionalInt.of(whole.metadata().token()))
                        .resealed(whole.attributes());
                call(Script.RESEAL, keysOf(keys.partition(id), id), arguments);
            }
        } catch (StoreException nextTime) {
            // Whoever looks at the session next hears of a store that does not answer.
        }
    }

    @Override
    public Removed remove(SessionId id, long createdMillis) {
        int partition = keys.partition(id);
        return remove(id, createdMillis, partition, keysWithLock(partition, id));
    }

    @Override
    public Removed bury(SessionId id, long createdMillis) {
        int partition = keys.partition(id);
        List<Object> names = with(keysWithLock(partition, id), keys.ended(partition, id, createdMillis));
        return remove(id, createdMillis, partition, names);
    }

    private Removed remove(SessionId id, long createdMillis, int partition, List<Object> names) {
        Arguments arguments =
                Arguments.of(options, id, createdMillis).text(keys.unlocked()).text(keys.ended());
        ReplyReader reply = call(Script.REMOVE, names, arguments);
        return switch (reply.status()) {
            case 'K' -> reply.last(new Removed.Done());
            case 'A' -> {
                epochs.seen(partition, reply.text());
                yield reply.last(new Removed.Absent());
            }
            case 'M' -> reply.last(new Moved(reply.id(keys.ids())));
            default -> throw reply.unknownStatus();
        };
    }

    @Override
    public Superseded supersede(SessionId id, long createdMillis, long revision, SessionId successor) {
        int partition = keys.partition(id);
        Arguments arguments = Arguments.of(options, id, createdMillis)
                .number(revision)
                .text(keys.ids().of(successor))
                .text(keys.unlocked())
                .text(keys.ended());
        ReplyReader reply = call(Script.SUPERSEDE, keysWithLock(partition, id), arguments);
        return switch (reply.status()) {
            case 'K' -> reply.last(Superseded.DONE);
            case 'B' -> reply.last(Superseded.BEHIND);
            case 'A' -> reply.last(Superseded.ABSENT);
            default -> throw reply.unknownStatus();
        };
    }

    @Override
    public void keep(SessionId id, long createdMillis) {
        int partition = keys.partition(id);
        ReplyReader reply = call(Script.KEEP, keysOf(partition, id), Arguments.of(options, id, createdMillis));
        if (reply.status() != 'K' && reply.status() != 'A') {
            throw reply.unknownStatus();
        }
    }

    LockAnswer unlock(SessionId id, long createdMillis, String owner) {
        return askLock(
                Script.UNLOCK,
                id,
                Arguments.of(options, id, createdMillis).text(owner).text(keys.unlocked()));
    }

    LockAnswer renew(SessionId id, long createdMillis, LockRequest lock, long knownRevision, String knownEpoch) {
        return askLock(
                Script.RENEW,
                id,
                Arguments.of(options, id, createdMillis)
                        .text(lock.owner())
                        .number(lock.lease().toMillis())
                        .number(knownRevision)
                        .text(knownEpoch));
    }

    private LockAnswer askLock(Script script, SessionId id, Arguments arguments) {
        ReplyReader reply = call(script, keysWithLock(keys.partition(id), id), arguments);
        return switch (reply.status()) {
            case 'K' -> reply.last(new LockAnswer.Done());
            case 'A' -> reply.last(new LockAnswer.NotHeld());
            case 'M' -> reply.last(new Moved(reply.id(keys.ids())));
            default -> throw reply.unknownStatus();
        };
    }

    @Override
    public SessionLocks locks() {
        return locks;
    }

    @Override
    public FailureDomains failureDomains() {
        return failureDomains;
    }

    @Override
    public DueSessions due() {
        return due;
    }

    @Override
    public Listing list(Duration patience) {
        return scan.run(patience);
    }

    @Override
    public boolean colocated(SessionId one, SessionId other) {
        return keys.partition(one) == keys.partition(other);
    }

    @Override
    public void close() {
        close(Deadline.in(RedisConnections.MOST_CLOSE));
    }

    @Override
    public void close(Deadline deadline) {
        locks.close();
        ends.close();
        onClose.accept(deadline);
    }

    /** Where an old session waits for its end whose id a new one takes: as hard to guess as the id. */
    private static SessionId aside(NewSession session) {
        return new SessionId(Script.sha1(session.id().value() + ":" + session.createdMillis()));
    }

    private ReplyReader call(Script script, List<Object> names, Arguments arguments) {
        return scripts.call(script, names, arguments, keys.partitions(), clock);
    }

    private List<Object> keysOf(int partition, SessionId id) {
        return List.of(keys.record(partition, id), keys.due(partition), keys.epoch(partition));
    }

    private List<Object> keysWithLock(int partition, SessionId id) {
        return List.of(
                keys.record(partition, id),
                keys.due(partition),
                keys.epoch(partition),
                keys.moved(partition, id),
                keys.lock(partition, id));
    }

    private static List<Object> with(List<Object> names, String further) {
        List<Object> all = new ArrayList<>(names);
        all.add(further);
        return all;
    }

    private static long checked(String what, long least, long value) {
        if (value < least || value > MAX_UINT48) {
            throw new IllegalArgumentException(
                    "The " + what + " is " + value + " (allowed: " + least + " to " + MAX_UINT48 + ")");
        }
        return value;
    }
}
