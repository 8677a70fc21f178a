package dev.holdfast.it;

import dev.holdfast.testkit.RedisServer;
import java.util.Map;
import java.util.Set;

/**
 * What Redis has counted up to a moment. The questions of the test itself are in the numbers, too: a few reads and some
 * kilobytes for each {@link #of}.
 *
 * @param scriptCalls scripts that were called
 * @param reads reads from sockets: about one for each command that was not called by a script
 * @param bytes bytes received and sent
 */
record Traffic(long scriptCalls, long reads, long bytes) {

    private static final Set<String> CALLS_OF_SCRIPTS = Set.of("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall");

    /** What was counted up to now. */
    static Traffic of(RedisServer redis) {
        long calls = redis.commandStats().entrySet().stream()
                .filter(command -> CALLS_OF_SCRIPTS.contains(command.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        Map<String, String> stats = redis.info("stats");
        return new Traffic(
                calls,
                Long.parseLong(stats.get("total_reads_processed")),
                Long.parseLong(stats.get("total_net_input_bytes"))
                        + Long.parseLong(stats.get("total_net_output_bytes")));
    }

    /** What has come since then. */
    Traffic since(Traffic earlier) {
        return new Traffic(scriptCalls - earlier.scriptCalls, reads - earlier.reads, bytes - earlier.bytes);
    }

    /** How many scripts were called while something ran. */
    static long scriptCallsOf(RedisServer redis, Runnable work) {
        Traffic before = of(redis);
        work.run();
        return of(redis).since(before).scriptCalls();
    }
}
