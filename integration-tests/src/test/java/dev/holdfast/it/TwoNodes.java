package dev.holdfast.it;

import dev.holdfast.testkit.RedisServer;
import java.util.function.UnaryOperator;

/** The setting of most tests: one Redis, and two Tomcats that run the same application. */
final class TwoNodes implements AutoCloseable {

    final RedisServer redis;
    final TomcatNode a;
    final TomcatNode b;

    private TwoNodes(UnaryOperator<TomcatNode.Builder> ofA, UnaryOperator<TomcatNode.Builder> ofB) {
        redis = RedisServer.start();
        a = ofA.apply(builder()).start();
        b = ofB.apply(builder()).start();
    }

    /** Without sweeps, unless the test sets an interval of its own: they would be among the calls that tests count. */
    private TomcatNode.Builder builder() {
        return TomcatNode.builder().redis(redis.uri()).setting("sweepInterval", "10m");
    }

    static TwoNodes running(Application application) {
        return with(node -> node.application("", application));
    }

    static TwoNodes with(UnaryOperator<TomcatNode.Builder> customizer) {
        return new TwoNodes(customizer, customizer);
    }

    /** Two nodes that differ, in their routes or listeners for example. */
    static TwoNodes with(UnaryOperator<TomcatNode.Builder> ofA, UnaryOperator<TomcatNode.Builder> ofB) {
        return new TwoNodes(ofA, ofB);
    }

    @Override
    public void close() {
        a.close();
        b.close();
        redis.close();
    }
}
