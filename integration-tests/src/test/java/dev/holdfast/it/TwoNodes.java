package dev.holdfast.it;

import dev.holdfast.testkit.RedisServer;
import java.util.function.UnaryOperator;

/** The setting of most tests: one Redis, and two Tomcats that run the same application. */
final class TwoNodes implements AutoCloseable {

    final RedisServer redis;
    final TomcatNode a;
    final TomcatNode b;

    private TwoNodes(RedisServer redis, TomcatNode.Builder ofA, TomcatNode.Builder ofB) {
        this.redis = redis;
        a = ofA.start();
        b = ofB.start();
    }

    /** Two nodes that know where their Redis is. They close it. */
    static TwoNodes on(RedisServer redis, TomcatNode.Builder ofA, TomcatNode.Builder ofB) {
        return new TwoNodes(redis, ofA, ofB);
    }

    static TwoNodes running(Application application) {
        return with(node -> node.application("", application));
    }

    static TwoNodes with(UnaryOperator<TomcatNode.Builder> customizer) {
        return with(customizer, customizer);
    }

    /** Two nodes that differ, in their routes or listeners for example. */
    static TwoNodes with(UnaryOperator<TomcatNode.Builder> ofA, UnaryOperator<TomcatNode.Builder> ofB) {
        RedisServer redis = RedisServer.start();
        return new TwoNodes(redis, ofA.apply(builder(redis)), ofB.apply(builder(redis)));
    }

    /** Without sweeps, unless the test sets an interval of its own: they would be among the calls that tests count. */
    private static TomcatNode.Builder builder(RedisServer redis) {
        return TomcatNode.builder().redis(redis.uri()).setting("sweepInterval", "10m");
    }

    @Override
    public void close() {
        a.close();
        b.close();
        redis.close();
    }
}
