package dev.holdfast.store.redis;

import dev.holdfast.store.Patience;
import dev.holdfast.store.RequestBudget;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoScriptException;

/**
 * Calls scripts on the master of their slot, by digest: one command. A server that does not know the digest, because it
 * is new or was emptied, is sent the text once.
 */
final class ScriptCaller {

    /** Who is refused is told at once. A probe of a server that hangs must not take long: it may be back soon. */
    private static final Duration MOST_FOR_REFUSAL = Duration.ofMillis(200);

    private final RedissonClient client;
    private final RScript scripts;
    private final StoreFaults faults;
    private final Duration timeout;

    ScriptCaller(RedissonClient client, StoreFaults faults, Duration timeout) {
        this.client = client;
        this.scripts = client.getScript(ArgumentCodec.INSTANCE);
        this.faults = faults;
        this.timeout = timeout;
    }

    /**
     * Calls a script whose reply tells the time.
     *
     * @param partitions the number of partitions that this node uses, for a message
     * @param clock learns from the reply, when that is read
     * @return the reply
     * @throws StoreException if there is none in time
     */
    ReplyReader call(Script script, List<Object> keys, Arguments arguments, int partitions, StoreClock clock) {
        long asked = clock.asking();
        Object reply = call(script, keys, arguments);
        return new ReplyReader(script, reply, partitions, millis -> clock.answered(millis, asked));
    }

    /**
     * @param keys all keys; the first one decides where the script runs
     * @return the reply: a list of byte arrays and nulls, if the script is ours
     * @throws StoreException if there is none in time
     */
    Object call(Script script, List<Object> keys, Arguments arguments) {
        Object[] values = arguments.toArray();
        Duration limit = RequestBudget.limit(timeout);
        if (limit.isZero()) {
            throw StoreException.notAsked(
                    "HF-218 The request has waited for Redis for as long as requestBudget allows; " + script.label()
                            + " was not asked for.");
        }
        Patience patience = new Patience(limit);
        try {
            try {
                return patience.await(bySha(script, keys, values));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RedisNoScriptException)) {
                    throw e;
                }
                return patience.await(byText(script, keys, values));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw faults.classify(e, script.label(), limit);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw faults.classify(e, script.label(), limit);
        } finally {
            RequestBudget.spent(patience.spentNanos());
        }
    }

    /**
     * Calls a script to find out what is wrong: of a server that gives no answer because it takes no further clients, this
     * is said. Not for the thread of a request: it may take longer than the call.
     */
    <T> T probe(Supplier<T> call) {
        try {
            return call.get();
        } catch (StoreException unanswered) {
            String full = unanswered.reason() == Reason.TIMEOUT
                    ? Knock.refusalOfClients(client.getConfig(), MOST_FOR_REFUSAL)
                    : null;
            throw full == null ? unanswered : faults.classify(new RedisException(full), "probe", timeout);
        }
    }

    private RFuture<Object> bySha(Script script, List<Object> keys, Object[] values) {
        return scripts.evalShaAsync(Mode.READ_WRITE, script.sha1(), ReturnType.LIST, keys, values);
    }

    private RFuture<Object> byText(Script script, List<Object> keys, Object[] values) {
        return scripts.evalAsync(Mode.READ_WRITE, script.text(), ReturnType.LIST, keys, values);
    }
}
