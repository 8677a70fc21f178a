package dev.holdfast.store.redis;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.Deadline;
import dev.holdfast.store.Listing;
import dev.holdfast.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.redisson.Redisson;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.client.protocol.decoder.ListScanResult;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.connection.MasterSlaveEntry;

/**
 * Lists the sessions of an application by going through all keys of all masters, page by page: for people who look, not
 * for requests. {@code SCAN} never holds Redis up for longer than a page takes.
 *
 * <p>A session whose id was taken over by a new one waits for its end under an id that no client has. It is left out: such
 * an id has a form of its own, and where a client's could have it, too, the record tells.
 */
final class SessionScan {

    private static final int PAGE = 1000;

    /** Of an id that {@link RedisSessionStore} gives to a session that stands aside. */
    private static final Pattern ASIDE = Pattern.compile("[0-9a-f]{40}");

    private static final String CLIENT_ID = "o";
    private static final String START = "0";

    private final RedisConnections connections;
    private final Keys keys;
    private final Duration operationTimeout;

    SessionScan(RedisConnections connections, Keys keys, Duration operationTimeout) {
        this.connections = connections;
        this.keys = keys;
        this.operationTimeout = operationTimeout;
    }

    /**
     * Lists them.
     *
     * @param patience when to stop, complete or not
     * @throws StoreException if a server does not answer or refuses to
     */
    Listing run(Duration patience) {
        Deadline end = Deadline.in(patience);
        Set<SessionId> found = new HashSet<>();
        try {
            for (MasterSlaveEntry master : executor().getConnectionManager().getEntrySet()) {
                if (!scan(master, end, found)) {
                    return new Listing(found, false);
                }
            }
            return new Listing(found, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw connections.faults().classify(e, "scan", operationTimeout);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw connections.faults().classify(e, "scan", operationTimeout);
        }
    }

    /** @return false if time was over first */
    private boolean scan(MasterSlaveEntry master, Deadline end, Set<SessionId> found)
            throws InterruptedException, ExecutionException, TimeoutException {
        String cursor = START;
        do {
            if (end.isOver()) {
                return false;
            }
            ListScanResult<String> page = await(executor()
                    .writeAsync(
                            master,
                            StringCodec.INSTANCE,
                            RedisCommands.SCAN,
                            cursor,
                            "MATCH",
                            keys.patternOfRecords(),
                            "COUNT",
                            PAGE));
            add(page.getValues(), found);
            cursor = page.getPos();
        } while (!cursor.equals(START));
        return true;
    }

    private void add(List<String> names, Set<SessionId> found)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<SessionId> doubtful = new ArrayList<>();
        for (String name : names) {
            keys.idOfRecord(name).ifPresent(id -> (ASIDE.matcher(id.value()).matches() ? doubtful : found).add(id));
        }
        Map<SessionId, Future<Object>> clientIds = new HashMap<>();
        for (SessionId id : doubtful) {
            String record = keys.record(keys.partition(id), id);
            clientIds.put(
                    id,
                    executor()
                            .writeAsync(
                                    record.getBytes(StandardCharsets.UTF_8),
                                    ByteArrayCodec.INSTANCE,
                                    RedisCommands.HGET,
                                    record,
                                    CLIENT_ID));
        }
        for (Map.Entry<SessionId, Future<Object>> clientId : clientIds.entrySet()) {
            if (await(clientId.getValue()) == null) {
                found.add(clientId.getKey());
            }
        }
    }

    private <T> T await(Future<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return Deadline.in(operationTimeout).await(answer);
    }

    private CommandAsyncExecutor executor() {
        return ((Redisson) connections.client()).getCommandExecutor();
    }
}
