package dev.holdfast.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The two nodes. Each can stop and start the other one; so one always runs, and can be asked to start the other. Both
 * are of the same make: neither knows the other's sessions except through Redis.
 */
final class TwoNodes implements AutoCloseable {

    private final Node a;
    private final Node b;

    /** Held while a node is stopped or started. */
    private final ReentrantLock change = new ReentrantLock();

    TwoNodes(Path directory, String redisUri, int portOfA, int portOfB) {
        this.a = new Node("A", portOfA, directory.resolve("node-a"), redisUri);
        this.b = new Node("B", portOfB, directory.resolve("node-b"), redisUri);
    }

    Node a() {
        return a;
    }

    Node b() {
        return b;
    }

    List<Node> both() {
        return List.of(a, b);
    }

    Node otherThan(Node node) {
        return node == a ? b : a;
    }

    void start() {
        start(a);
        start(b);
    }

    private void start(Node node) {
        node.start(new DemoServlet(node, this));
    }

    /**
     * Stops the other node.
     *
     * @return what came of it, as a sentence
     */
    String stopOther(Node asking) {
        Node other = otherThan(asking);
        return ifNobodyElseDoes(asking, () -> {
            other.stop();
            return "Node " + other.name()
                    + " was stopped. Its memory is gone; the session is in Redis and goes on here.";
        });
    }

    /**
     * Starts the other node.
     *
     * @return what came of it, as a sentence
     */
    String startOther(Node asking) {
        Node other = otherThan(asking);
        return ifNobodyElseDoes(asking, () -> {
            start(other);
            return "Node " + other.name()
                    + " was started, with an empty memory. Ask it: it finds the session in Redis.";
        });
    }

    /** Does not wait: a node that is being stopped waits for its own requests to end, and this may be one of them. */
    private String ifNobodyElseDoes(Node asking, Supplier<String> action) {
        if (!change.tryLock()) {
            return "A node is being stopped or started already. Nothing was changed.";
        }
        try {
            return asking.isRunning() ? action.get() : "This node is stopped itself. Nothing was changed.";
        } catch (IllegalStateException e) {
            // Another program may have taken the port meanwhile.
            return e.getMessage() + ".";
        } finally {
            change.unlock();
        }
    }

    /** Stops both for good. */
    @Override
    public void close() {
        // Never given back: nothing is started any more.
        change.lock();
        a.stop();
        b.stop();
    }
}
