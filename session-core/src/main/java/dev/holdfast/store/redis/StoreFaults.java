package dev.holdfast.store.redis;

import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisBusyException;
import org.redisson.client.RedisClusterDownException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisLoadingException;
import org.redisson.client.RedisMasterDownException;
import org.redisson.client.RedisNoReplicasException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisReconnectedException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisWrongPasswordException;
import org.redisson.client.WriteRedisConnectionException;

/**
 * Tells from what the driver threw why Redis did not answer.
 *
 * <p>The whole cause chain is searched for the most telling reason: a refused password arrives wrapped in a failed
 * connection, and a refused write inside a script as a failed script.
 */
final class StoreFaults {

    /** In answer to whatever is sent first over a new connection, which is closed then. */
    static final String FULL = "ERR max number of clients";

    private final String server;

    /** @param server where Redis is, without password */
    StoreFaults(String server) {
        this.server = server;
    }

    /**
     * @param fault what the driver threw
     * @param doing what was asked, such as {@code commit}
     * @param timeout how long an answer was waited for
     */
    StoreException classify(Throwable fault, String doing, Duration timeout) {
        if (fault instanceof StoreException known) {
            return known;
        }
        Reason reason = reason(fault);
        return new StoreException(reason, message(reason, fault, doing, timeout), DriverFault.of(fault));
    }

    static Reason reason(Throwable fault) {
        List<Throwable> chain = chain(fault);
        for (Throwable link : chain) {
            Reason reason = refusal(link);
            if (reason != null) {
                return reason;
            }
        }
        if (chain.stream().anyMatch(StoreFaults::isTimeout)) {
            return Reason.TIMEOUT;
        }
        if (chain.stream().anyMatch(StoreFaults::isConnection)) {
            return Reason.CONNECT;
        }
        return chain.stream().anyMatch(StoreFaults::isScript) ? Reason.SCRIPT : Reason.OTHER;
    }

    /** What the server itself said, or null. The wording inside a failed script differs between Redis 6 and 7. */
    private static @Nullable Reason refusal(Throwable fault) {
        if (fault instanceof InterruptedException) {
            return Reason.INTERRUPTED;
        }
        String message = String.valueOf(fault.getMessage());
        if (fault instanceof RedisWrongPasswordException
                || fault instanceof RedisAuthRequiredException
                || says(message, "WRONGPASS")
                || says(message, "NOAUTH")
                || message.startsWith("ERR invalid password")
                || message.startsWith("ERR AUTH")
                || message.startsWith("ERR Client sent AUTH")) {
            return Reason.AUTH;
        }
        if (says(message, "NOPERM") || message.contains("The user executing the script can't")) {
            return Reason.ACL;
        }
        if (fault instanceof RedisReadonlyException
                || fault instanceof RedisNoReplicasException
                || fault instanceof RedisMasterDownException
                || says(message, "READONLY")
                || says(message, "NOREPLICAS")
                || says(message, "MASTERDOWN")
                || says(message, "MISCONF")) {
            return Reason.READONLY;
        }
        if (fault instanceof RedisOutOfMemoryException || says(message, "OOM")) {
            return Reason.OOM;
        }
        if (fault instanceof RedisLoadingException || says(message, "LOADING")) {
            return Reason.LOADING;
        }
        if (fault instanceof RedisClusterDownException
                || fault instanceof RedisNodeNotFoundException
                || says(message, "CLUSTERDOWN")
                || says(message, "MOVED")) {
            return Reason.CLUSTERDOWN;
        }
        return null;
    }

    private static boolean says(String message, String code) {
        return message.startsWith(code + " ") || message.contains("-" + code + " ");
    }

    private static boolean isTimeout(Throwable fault) {
        return fault instanceof RedisTimeoutException
                || fault instanceof TimeoutException
                || fault instanceof CancellationException;
    }

    private static boolean isConnection(Throwable fault) {
        return fault instanceof RedisConnectionException
                || fault instanceof WriteRedisConnectionException
                || fault instanceof RedisReconnectedException
                || fault instanceof RedissonShutdownException
                || fault instanceof ConnectException
                || fault instanceof IOException
                || String.valueOf(fault.getMessage()).startsWith(FULL);
    }

    private static boolean isScript(Throwable fault) {
        String message = String.valueOf(fault.getMessage());
        return message.startsWith("NOSCRIPT")
                || message.startsWith("WRONGTYPE")
                || message.startsWith("CROSSSLOT")
                || message.startsWith("ERR");
    }

    private static List<Throwable> chain(Throwable fault) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable link = fault; link != null && !chain.contains(link); link = link.getCause()) {
            chain.add(link);
        }
        return chain;
    }

    private String message(Reason reason, Throwable fault, String doing, Duration timeout) {
        String what = server + " (" + doing + ")";
        return switch (reason) {
            case TIMEOUT ->
                "HF-201 Redis " + what + " did not answer within " + timeout.toMillis()
                        + " ms. What was asked may still happen. Check Redis and the network, or raise operationTimeout.";
            case CONNECT ->
                "HF-202 No connection to Redis " + what + ": " + innermost(fault)
                        + ". Sessions cannot be read or written there. Check that Redis runs, the address, and the network.";
            case AUTH ->
                "HF-203 Redis " + what + " refuses user or password. Sessions cannot be read or written. Check"
                        + " both in the Redis URI or file.";
            case ACL ->
                "HF-204 The Redis user may not do what " + what
                        + " needs. Sessions cannot be read or written. Compare its ACL with conf/redis-acl.conf: "
                        + innermost(fault) + ".";
            case READONLY ->
                "HF-205 Redis " + what + " refuses to write: " + innermost(fault)
                        + ". Sessions cannot be changed. Check whether the address leads to a replica, or whether persistence"
                        + " or replication is broken.";
            case OOM ->
                "HF-206 The memory of Redis " + what
                        + " is full. Sessions cannot be changed. Raise maxmemory, or look for what fills it.";
            case LOADING ->
                "HF-207 Redis " + what
                        + " is still loading its data. Sessions can be read and written when it is done.";
            case CLUSTERDOWN ->
                "HF-208 Part of the Redis cluster " + what + " is down: " + innermost(fault)
                        + ". The sessions of its slots cannot be read or written. Check the nodes of the cluster, and that"
                        + " its address begins with redis-cluster or rediss-cluster.";
            case SCRIPT ->
                "HF-209 A script failed on Redis " + what + ": " + innermost(fault)
                        + ". The session was left as it is. Check whether something else writes keys of ours.";
            case INTERRUPTED ->
                "HF-210 The thread was interrupted while it waited for Redis " + what
                        + ". What was asked may still happen.";
            case INCOMPATIBLE, NOT_ASKED, OTHER ->
                "HF-299 Redis " + what + " failed: " + innermost(fault)
                        + (fault instanceof RedisBusyException ? ". Another script blocks it." : ".")
                        + " Sessions cannot be read or written.";
        };
    }

    private static String innermost(Throwable fault) {
        List<Throwable> chain = chain(fault);
        Throwable last = chain.get(chain.size() - 1);
        String message = DriverFault.harmless(last.getMessage());
        String text = message.isEmpty() ? last.getClass().getSimpleName().toLowerCase(Locale.ROOT) : message;
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
