package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Load.Times;
import dev.holdfast.testkit.RedisServer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Many sessions whose time is over at the same moment, on two nodes, and what the requests of others feel of it: with
 * Holdfast, and with Tomcat's own manager in the same run.
 */
final class DueAtOnce {

    private static final int NODES = 2;
    private static final int CLIENTS = 4;
    private static final int CREATORS = 8;
    private static final long CREATED_PER_SECOND = 1500;
    private static final long QUIET_MILLIS = 15_000;
    private static final long MOST_WAIT_MILLIS = 900_000;

    private final ManagerKind kind;
    private final int sessions;
    private final long quietMillis;
    private final RedisServer redis;

    private DueAtOnce(ManagerKind kind, int sessions, long quietMillis, RedisServer redis) {
        this.kind = kind;
        this.sessions = sessions;
        this.quietMillis = quietMillis;
        this.redis = redis;
    }

    /**
     * Prints a table in Markdown.
     *
     * @param arguments how many sessions
     */
    public static void main(String[] arguments) throws Exception {
        int sessions = Integer.parseInt(arguments[0]);
        List<Result> results = new ArrayList<>();
        for (ManagerKind kind : ManagerKind.values()) {
            results.add(measure(kind, sessions, QUIET_MILLIS));
        }
        System.out.println(Result.table(sessions, results));
    }

    /**
     * Runs once.
     *
     * @param sessions how many are due at once
     * @param quietMillis for how long requests are measured before that
     */
    static Result measure(ManagerKind kind, int sessions, long quietMillis) throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            return new DueAtOnce(kind, sessions, quietMillis, redis).run();
        }
    }

    private Result run() throws Exception {
        List<Node> nodes = new ArrayList<>();
        try {
            for (int node = 0; node < NODES; node++) {
                nodes.add(Node.start(kind, redis.uri()));
            }
            return run(nodes);
        } finally {
            nodes.forEach(Node::close);
        }
    }

    private Result run(List<Node> nodes) throws Exception {
        try (Load load = new Load(nodes, CLIENTS)) {
            long dueMillis = System.currentTimeMillis() + sessions * 1000L / CREATED_PER_SECOND + quietMillis + 5_000;
            create(nodes, dueMillis);

            pauseUntil(dueMillis - quietMillis);
            Stage quiet = new Stage(nodes, load);
            pauseUntil(dueMillis - 1000);
            quiet.end();

            pauseUntil(dueMillis);
            Stage ending = new Stage(nodes, load);
            awaitEnds(nodes, dueMillis);
            ending.end();
            return new Result(kind, quiet, ending, ends(nodes), distinct(nodes), keysLeft());
        }
    }

    private void create(List<Node> nodes, long dueMillis) throws Exception {
        ExecutorService creators = Executors.newFixedThreadPool(CREATORS);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int creator = 0; creator < CREATORS; creator++) {
                int first = creator;
                done.add(creators.submit(() -> {
                    for (int number = first; number < sessions; number += CREATORS) {
                        nodes.get(number % NODES).get("/create?number=" + number + "&endsAt=" + dueMillis);
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            creators.shutdown();
        }
        if (System.currentTimeMillis() > dueMillis - quietMillis) {
            throw new IllegalStateException("This machine makes fewer than " + CREATED_PER_SECOND
                    + " sessions a second: the first ones would be due before the last ones are there");
        }
    }

    private void awaitEnds(List<Node> nodes, long dueMillis) {
        while (ends(nodes) < sessions) {
            if (System.currentTimeMillis() > dueMillis + MOST_WAIT_MILLIS) {
                throw new IllegalStateException("Only " + ends(nodes) + " of " + sessions + " sessions have ended");
            }
            pauseUntil(System.currentTimeMillis() + 500);
        }
    }

    private static long ends(List<Node> nodes) {
        return nodes.stream().mapToLong(node -> node.number("/ends")).sum();
    }

    private static int distinct(List<Node> nodes) {
        BitSet numbers = new BitSet();
        for (Node node : nodes) {
            numbers.or(BitSet.valueOf(HexFormat.of().parseHex(node.get("/numbers"))));
        }
        return numbers.cardinality();
    }

    /** Keys of sessions that have ended. Those of the clients are still in use. */
    private int keysLeft() {
        long records = redis.keys("*:s:*").stream().count() - (kind == ManagerKind.HOLDFAST ? CLIENTS : 0);
        return (int) records;
    }

    private static void pauseUntil(long millis) {
        long left;
        while ((left = millis - System.currentTimeMillis()) > 0) {
            LockSupport.parkNanos(left * 1_000_000);
        }
    }

    /** A part of the run: what its requests took, and what it cost. */
    final class Stage {

        private final List<Node> nodes;
        private final Load load;
        private final long startMillis = System.currentTimeMillis();
        private final long startCpuMillis;
        private final long startScripts;
        Times times = new Times();
        long millis;
        long cpuMillis;
        long scripts;

        Stage(List<Node> nodes, Load load) {
            this.nodes = nodes;
            this.load = load;
            this.startCpuMillis = cpu();
            this.startScripts = scripts();
            load.take();
        }

        void end() {
            times = load.take();
            millis = System.currentTimeMillis() - startMillis;
            cpuMillis = cpu() - startCpuMillis;
            scripts = scripts() - startScripts;
        }

        private long cpu() {
            return nodes.stream().mapToLong(node -> node.number("/cpu")).sum();
        }

        private long scripts() {
            return redis.calls("evalsha");
        }
    }

    /** What a run gave. */
    record Result(ManagerKind kind, Stage quiet, Stage ending, long ends, int distinct, int keysLeft) {

        static String table(int sessions, List<Result> results) {
            StringBuilder table = new StringBuilder("| " + sessions + " sessions due at once, " + NODES + " nodes |");
            results.forEach(
                    result -> table.append(' ').append(result.kind.title).append(" |"));
            table.append("\n|---").append("|---".repeat(results.size())).append("|\n");
            row(table, "`sessionDestroyed` heard", results, result -> Long.toString(result.ends));
            row(table, "different sessions among them", results, result -> Integer.toString(result.distinct));
            row(table, "records left in Redis", results, result -> Integer.toString(result.keysLeft));
            row(table, "until all had ended, s", results, result -> format(result.ending.millis / 1000.0));
            row(table, "Redis commands for each end", results, Result::commands);
            row(table, "CPU of the nodes for each end, µs", results, Result::cpu);
            row(table, "requests beside it, quiet / ending", results, Result::requests);
            row(table, "their median, ending to quiet", results, result -> result.ratio(0.5));
            row(table, "their 99th percentile, ending to quiet", results, result -> result.ratio(0.99));
            row(
                    table,
                    "their slowest while sessions end, ms",
                    results,
                    result -> format(result.ending.times.millis(1)));
            return table.toString();
        }

        private static void row(
                StringBuilder table, String title, List<Result> results, Function<Result, String> value) {
            table.append("| ").append(title).append(" |");
            results.forEach(
                    result -> table.append(' ').append(value.apply(result)).append(" |"));
            table.append('\n');
        }

        private String commands() {
            return format((double) Math.max(0, ending.scripts - quietShare(quiet.scripts)) / ends);
        }

        private String cpu() {
            return format(Math.max(0, ending.cpuMillis - quietShare(quiet.cpuMillis)) * 1000.0 / ends);
        }

        /** What the requests alone would have cost while sessions ended. */
        private long quietShare(long cost) {
            return Math.round((double) cost * ending.times.count() / quiet.times.count());
        }

        private String requests() {
            return quiet.times.count() + " / " + ending.times.count();
        }

        private String ratio(double share) {
            double before = quiet.times.millis(share);
            double during = ending.times.millis(share);
            return format(during / before) + " (" + format(during) + " / " + format(before) + " ms)";
        }

        private static String format(double value) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
    }
}
