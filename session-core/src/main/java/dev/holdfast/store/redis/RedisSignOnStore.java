package dev.holdfast.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.crypto.Vault;
import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.store.OfflineSignOn;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoredSignOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Single sign-ons in Redis 6.2 or later. Each is one key, beside that of the epoch, and every call one script; their ids alone spread them over the
 * slots of a cluster, so that there are no partitions for nodes to disagree about. Thread-safe.
 */
public final class RedisSignOnStore implements SignOnStore {

    /** Looked for at the start; ids are never that regular. */
    private static final SignOnId NOBODY = new SignOnId("holdfast-start-check");

    /** How the ids of nobody begin under which a probe writes. */
    private static final String PROBE = "holdfast-availability-probe-";

    /** How long a mark stays of a sign-on that would never have ended by itself. */
    private static final Duration LONG_MARK = Duration.ofDays(14);

    /** The fields that are encrypted, if values are. */
    private static final String PRINCIPAL = "p";

    private static final String USERNAME = "u";
    private static final String PASSWORD = "w";

    private final Keys keys;
    private final boolean cluster;
    private final ScriptCaller scripts;
    private final RedisStoreOptions options;
    private final Runnable onClose;

    private RedisSignOnStore(RedisConnections connections, RedisStoreOptions options, Runnable onClose) {
        this.keys = new Keys(options);
        this.cluster = connections.isCluster();
        this.scripts = new ScriptCaller(connections.client(), connections.faults(), options.operationTimeout());
        this.options = options;
        this.onClose = onClose;
    }

    /**
     * Connects to Redis, and checks that it can be worked with. Takes up to some seconds.
     *
     * @param source where Redis is
     * @param options how to use it; the partitions and the touch interval do not matter here
     * @return a store that closes its connections when it is closed
     * @throws StoreException if Redis cannot be reached, refuses user or password, is too old, or does not allow what is
     *     needed
     */
    public static RedisSignOnStore open(RedisSource source, RedisStoreOptions options) {
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
     * @param options how to use them; the partitions and the touch interval do not matter here
     * @return the store
     * @throws StoreException as {@link #open(RedisSource, RedisStoreOptions)}
     */
    public static RedisSignOnStore open(RedisConnections connections, RedisStoreOptions options) {
        return open(connections, options, () -> {});
    }

    /**
     * Checks that Redis can be worked with.
     *
     * @param connections connections that others use, too
     * @param options how to use them; the partitions and the touch interval do not matter here
     * @param onClose called when the store is closed
     * @return the store
     * @throws StoreException as {@link #open(RedisSource, RedisStoreOptions)}
     */
    public static RedisSignOnStore open(RedisConnections connections, RedisStoreOptions options, Runnable onClose) {
        new ServerCheck(connections, options).checkVersions();
        RedisSignOnStore store = new RedisSignOnStore(connections, options, onClose);
        store.look(NOBODY);
        return store;
    }

    @Override
    public String begin(SignOnId id, StoredSignOn signOn, SignOnMember first, int maxInactiveSeconds) {
        Arguments arguments = Arguments.ofSignOn(options).text(fieldOf(first)).number(maxInactiveSeconds);
        ReplyReader reply = call(Script.SIGN_ON_BEGIN, id, login(arguments, id, signOn));
        if (reply.status() != 'K') {
            throw reply.unknownStatus();
        }
        return reply.last(reply.text());
    }

    @Override
    public Optional<StoredSignOn.Found> look(SignOnId id) {
        return found(id, call(Script.SIGN_ON_LOOK, id, Arguments.ofSignOn(options)));
    }

    private Optional<StoredSignOn.Found> found(SignOnId id, ReplyReader reply) {
        return switch (reply.status()) {
            case 'A' -> reply.last(Optional.empty());
            case 'E' -> {
                String epoch = reply.text();
                int interval = (int) reply.number();
                Vault vault = options.vaultOf(id);
                byte[] principal = reply.bytesOrNull();
                StoredSignOn signOn = new StoredSignOn(
                        principal == null ? null : vault.opened(PRINCIPAL, principal),
                        reply.textOrNull(),
                        reply.textOrNull(),
                        opened(vault, USERNAME, reply.bytesOrNull()),
                        opened(vault, PASSWORD, reply.bytesOrNull()));
                Map<SignOnMember, Integer> sessions = new HashMap<>();
                while (reply.hasNext()) {
                    sessions.put(sessionOf(reply.text()), (int) reply.number());
                }
                yield Optional.of(new StoredSignOn.Found(
                        signOn,
                        interval <= 0 ? OptionalInt.empty() : OptionalInt.of(interval),
                        Map.copyOf(sessions),
                        epoch));
            }
            default -> throw reply.unknownStatus();
        };
    }

    @Override
    public Optional<StoredSignOn.Found> reconcile(SignOnId id, OfflineSignOn known) {
        Arguments arguments = Arguments.ofSignOn(options)
                .text(known.epoch())
                .number(known.idleMillis())
                .text(known.loginChanged() ? "1" : "")
                .number(known.joined().size())
                .number(known.left().size())
                .number(known.sessions().size());
        known.joined()
                .forEach((session, seconds) -> arguments.text(fieldOf(session)).number(seconds));
        known.left().forEach(session -> arguments.text(fieldOf(session)));
        known.sessions()
                .forEach((session, seconds) -> arguments.text(fieldOf(session)).number(seconds));
        StoredSignOn login = known.login();
        return found(id, call(Script.SIGN_ON_RECONCILE, id, login == null ? arguments : login(arguments, id, login)));
    }

    @Override
    public boolean update(SignOnId id, StoredSignOn signOn) {
        return isThere(call(Script.SIGN_ON_UPDATE, id, login(Arguments.ofSignOn(options), id, signOn)));
    }

    @Override
    public boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds) {
        return join(id, session, maxInactiveSeconds, "");
    }

    @Override
    public boolean move(SignOnId id, SignOnMember before, SignOnMember now, int maxInactiveSeconds) {
        return join(id, now, maxInactiveSeconds, fieldOf(before));
    }

    private boolean join(SignOnId id, SignOnMember session, int maxInactiveSeconds, String fieldBefore) {
        Arguments arguments = Arguments.ofSignOn(options)
                .text(fieldOf(session))
                .number(maxInactiveSeconds)
                .text(fieldBefore);
        return isThere(call(Script.SIGN_ON_JOIN, id, arguments));
    }

    @Override
    public boolean leave(SignOnId id, SignOnMember session) {
        return isThere(
                call(Script.SIGN_ON_LEAVE, id, Arguments.ofSignOn(options).text(fieldOf(session))));
    }

    @Override
    public Optional<List<SignOnMember>> end(SignOnId id) {
        return end(id, 0);
    }

    @Override
    public Optional<List<SignOnMember>> bury(SignOnId id, OptionalInt longestIntervalSeconds) {
        long millis = longestIntervalSeconds.isPresent()
                ? longestIntervalSeconds.getAsInt() * 1000L
                        + options.ttlMargin().toMillis()
                : LONG_MARK.toMillis();
        return end(id, millis);
    }

    private Optional<List<SignOnMember>> end(SignOnId id, long markMillis) {
        ReplyReader reply =
                call(Script.SIGN_ON_END, id, Arguments.ofSignOn(options).number(markMillis));
        if (!isThere(reply)) {
            return Optional.empty();
        }
        List<SignOnMember> sessions = new ArrayList<>();
        while (reply.hasNext()) {
            sessions.add(sessionOf(reply.text()));
        }
        return Optional.of(sessions);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Each time a key of another name, so that in a cluster no one master decides for all.
     */
    @Override
    public void probe() {
        SignOnId nobody = new SignOnId(
                PROBE + Long.toHexString(ThreadLocalRandom.current().nextLong()));
        ReplyReader reply = scripts.probe(() -> call(Script.SIGN_ON_PROBE, nobody, Arguments.ofSignOn(options)));
        if (reply.status() != 'K') {
            throw reply.unknownStatus();
        }
    }

    @Override
    public void close() {
        onClose.run();
    }

    private ReplyReader call(Script script, SignOnId id, Arguments arguments) {
        String epoch = cluster ? keys.signOnEpochInSlotOf(id) : keys.signOnEpoch();
        return new ReplyReader(
                script, scripts.call(script, List.of(keys.signOn(id), epoch), arguments), keys.partitions());
    }

    private static boolean isThere(ReplyReader reply) {
        return switch (reply.status()) {
            case 'K' -> true;
            case 'A' -> false;
            default -> throw reply.unknownStatus();
        };
    }

    private Arguments login(Arguments arguments, SignOnId id, StoredSignOn signOn) {
        Vault vault = options.vaultOf(id);
        return arguments
                .field(PRINCIPAL, signOn.principal() == null ? null : vault.sealed(PRINCIPAL, signOn.principal()))
                .field("k", bytes(signOn.ticket()))
                .field("t", bytes(signOn.authType()))
                .field(USERNAME, sealedText(vault, USERNAME, signOn.username()))
                .field(PASSWORD, sealedText(vault, PASSWORD, signOn.password()));
    }

    private static byte @Nullable [] sealedText(Vault vault, String field, @Nullable String text) {
        return text == null ? null : vault.sealedText(field, text.getBytes(UTF_8));
    }

    /** A text that does not open here is as one that is not kept. */
    private static @Nullable String opened(Vault vault, String field, byte @Nullable [] stored) {
        byte[] value = stored == null ? null : vault.openedOrNull(field, stored);
        return value == null ? null : new String(value, UTF_8);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    /** Session ids have no spaces. */
    private String fieldOf(SignOnMember session) {
        return "s" + keys.ids().of(session.session()) + " " + session.application();
    }

    private SignOnMember sessionOf(String field) {
        int space = field.indexOf(' ');
        Optional<SessionId> id = space < 0 ? Optional.empty() : keys.ids().session(field.substring(1, space));
        return new SignOnMember(
                field.substring(space + 1),
                id.orElseThrow(() -> new StoreException(
                        StoreException.Reason.SCRIPT,
                        "HF-209 A single sign-on in Redis has a session whose name is not understood. Check whether"
                                + " something else writes keys of ours.")));
    }
}
