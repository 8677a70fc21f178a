package dev.holdfast.store.redis;

import dev.holdfast.crypto.Vault;
import dev.holdfast.model.Metadata;
import dev.holdfast.model.SessionId;
import dev.holdfast.store.DueSessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Sessions whose time is over, in Redis. Thread-safe. */
final class RedisDueSessions implements DueSessions {

    /** Scripts name a record that a claim does not use; no session can have this id, for ids are never that regular. */
    private static final SessionId NO_SESSION = new SessionId("-".repeat(SessionId.MIN_LENGTH));

    private final Keys keys;
    private final ScriptCaller scripts;
    private final RedisStoreOptions options;
    private final StoreClock clock;
    private final Epochs epochs;

    RedisDueSessions(Keys keys, ScriptCaller scripts, RedisStoreOptions options, StoreClock clock, Epochs epochs) {
        this.epochs = epochs;
        this.keys = keys;
        this.scripts = scripts;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public int partitions() {
        return keys.partitions();
    }

    @Override
    public List<DueSession> claim(int partition, int limit, Duration lease) {
        Arguments arguments = Arguments.of(options, NO_SESSION, 0).number(limit).number(lease.toMillis());
        ReplyReader reply = call(Script.CLAIM, new DueSession(partition, NO_SESSION), arguments);
        if (reply.status() != 'K') {
            throw reply.unknownStatus();
        }
        epochs.seen(partition, reply.text());
        List<DueSession> claimed = new ArrayList<>();
        while (reply.hasNext()) {
            claimed.add(new DueSession(partition, reply.id(keys.ids())));
        }
        return claimed;
    }

    @Override
    public Taken take(DueSession session, long token, Duration lease) {
        Arguments arguments =
                Arguments.of(options, session.key(), 0).text(hex(token)).number(lease.toMillis());
        ReplyReader reply = call(Script.TAKE, session, arguments);
        return switch (reply.status()) {
            case 'E' -> {
                Metadata metadata = reply.metadata();
                SessionId id = reply.id(keys.ids());
                Vault vault = options.vaultOf(id, metadata.createdMillis());
                yield new Taken.Mine(id, metadata, reply.attributes(vault));
            }
            case 'N' -> reply.last(new Taken.Nothing());
            default -> throw reply.unknownStatus();
        };
    }

    @Override
    public boolean finish(DueSession session, long token) {
        Arguments arguments = Arguments.of(options, session.key(), 0).text(hex(token));
        ReplyReader reply = call(Script.FINISH, session, arguments);
        return switch (reply.status()) {
            case 'K' -> reply.last(true);
            case 'A' -> reply.last(false);
            default -> throw reply.unknownStatus();
        };
    }

    private ReplyReader call(Script script, DueSession session, Arguments arguments) {
        List<Object> names = List.of(
                keys.record(session.partition(), session.key()),
                keys.due(session.partition()),
                keys.epoch(session.partition()),
                keys.lock(session.partition(), session.key()));
        return scripts.call(script, names, arguments, keys.partitions(), clock);
    }

    private static String hex(long token) {
        return HexFormat.of().toHexDigits(token);
    }
}
