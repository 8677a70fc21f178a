package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A network that can be broken: a TCP proxy on 127.0.0.1 before a Redis.
 *
 * <p>It knows nothing of the protocol: a "reply" is what the server sends in one piece. Faults hold until
 * {@link #heal()}. Thread-safe; two daemon threads for each connection.
 */
public final class FaultyProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int BACKLOG = 200;
    private static final int PORT_ATTEMPTS = 5;

    private static final AtomicInteger THREADS = new AtomicInteger();

    private final int port;
    private final int targetPort;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesToServer = new AtomicLong();
    private final AtomicLong bytesToClient = new AtomicLong();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger repliesLost = new AtomicInteger();
    private final AtomicBoolean losesNextReply = new AtomicBoolean();
    private final AtomicBoolean halvesReplies = new AtomicBoolean();
    private final AtomicReference<@Nullable String> losesReplyTo = new AtomicReference<>();

    /** Opening and closing the listener is for one thread at a time; taken before the monitor. */
    private final Object listening = new Object();

    private @Nullable Listener listener;

    /** Guards the fields below; notified whenever one of them or the state of a connection changes. */
    private final Object monitor = new Object();

    private boolean stalled;
    private Duration delay = Duration.ZERO;

    private FaultyProxy(int port, int targetPort) throws IOException {
        this.port = port;
        this.targetPort = targetPort;
        synchronized (listening) {
            this.listener = new Listener();
        }
    }

    /** A healthy proxy before a server, on a free port. */
    public static FaultyProxy before(RedisServer server) {
        return beforePort(server.port());
    }

    /** A healthy proxy before a port of 127.0.0.1, on a free port; nobody needs to listen there yet. */
    public static FaultyProxy beforePort(int targetPort) {
        for (int attempt = 1; ; attempt++) {
            try {
                return new FaultyProxy(FreePorts.next(), targetPort);
            } catch (IOException e) {
                if (attempt == PORT_ATTEMPTS) {
                    throw new UncheckedIOException("Cannot open a proxy", e);
                }
            }
        }
    }

    /** The port that clients connect to; the same after {@link #heal()}. */
    public int port() {
        return port;
    }

    /** {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** {@code redis://127.0.0.1:port}. */
    public String uri() {
        return "redis://" + address();
    }

    /** Closes all connections and refuses new ones; ends a stall. */
    public void cut() {
        synchronized (listening) {
            if (listener != null) {
                listener.close();
                listener = null;
            }
        }
        synchronized (monitor) {
            stalled = false;
        }
        closeConnections();
    }

    /**
     * How many threads all proxies of this JVM have: two for each connection, also for one that its client has closed while
     * nothing is forwarded.
     */
    public static int threads() {
        return THREADS.get();
    }

    /** Closes all connections; new ones are accepted. */
    public void closeConnections() {
        connections.forEach(Connection::close);
    }

    /**
     * Accepts, and forwards nothing in either direction, on connections old and new. What was held back goes on its
     * way with {@link #heal()}.
     */
    public void stall() {
        synchronized (monitor) {
            stalled = true;
        }
    }

    /** Holds every reply back for this time; what comes meanwhile waits for at most as long again. */
    public void delay(Duration ofReplies) {
        synchronized (monitor) {
            delay = ofReplies;
        }
    }

    /** Once: lets the next request of any connection through, drops the reply, and closes that connection. */
    public void loseNextReply() {
        losesNextReply.set(true);
    }

    /**
     * Once: lets the next request that contains this text (ISO 8859-1; not across the pieces in which it arrives)
     * through, drops the reply, and closes that connection.
     */
    public void loseNextReplyTo(String requestPart) {
        losesReplyTo.set(requestPart);
    }

    /** Lets only half of every reply through, and closes its connection then. New ones are accepted, and fare no better. */
    public void halveReplies() {
        halvesReplies.set(true);
    }

    /** Ends all faults, also those that have not happened yet. */
    public void heal() {
        halvesReplies.set(false);
        losesNextReply.set(false);
        losesReplyTo.set(null);
        synchronized (monitor) {
            stalled = false;
            delay = Duration.ZERO;
            monitor.notifyAll();
        }
        synchronized (listening) {
            if (listener == null) {
                try {
                    listener = new Listener();
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot listen on port " + port + " again", e);
                }
            }
        }
    }

    /** Bytes forwarded to the server so far, or since {@link #resetCounters()}. */
    public long bytesToServer() {
        return bytesToServer.get();
    }

    /** Bytes forwarded to clients so far, or since {@link #resetCounters()}. */
    public long bytesToClient() {
        return bytesToClient.get();
    }

    /** Connections accepted so far, or since {@link #resetCounters()}. */
    public int connectionsAccepted() {
        return accepted.get();
    }

    /** Connections that are open now. */
    public int connectionsOpen() {
        return connections.size();
    }

    /** Replies that were lost so far, or since {@link #resetCounters()}. */
    public int repliesLost() {
        return repliesLost.get();
    }

    /** Sets all counters to zero. */
    public void resetCounters() {
        bytesToServer.set(0);
        bytesToClient.set(0);
        accepted.set(0);
        repliesLost.set(0);
    }

    /** Like {@link #cut()}. A second call does nothing. */
    @Override
    public void close() {
        cut();
    }

    private Thread startThread(String does, Runnable task) {
        Runnable counted = () -> {
            THREADS.incrementAndGet();
            try {
                task.run();
            } finally {
                THREADS.decrementAndGet();
            }
        };
        Thread thread = new Thread(counted, "faulty-proxy-" + port + "-" + does);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException("Cannot close " + closeable, e);
        }
    }

    /** The open port. */
    private final class Listener {
        private final ServerSocket socket = new ServerSocket();
        private final Thread thread;

        Listener() throws IOException {
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
            thread = startThread("accepts", this::accept);
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    open(socket.accept());
                } catch (IOException closed) {
                    // Either the port was closed, which ends the loop, or this one client is gone already.
                }
            }
        }

        private void open(Socket client) throws IOException {
            accepted.incrementAndGet();
            Socket server = new Socket();
            Connection connection = new Connection(client, server);
            connections.add(connection);
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
            } catch (IOException e) {
                connection.close();
                throw e;
            }
            startThread("requests", connection::forwardRequests);
            startThread("replies", connection::forwardReplies);
        }

        /** Returns when the port is really closed: as long as a thread waits in accept, the kernel accepts. */
        void close() {
            closeQuietly(socket);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while closing port " + port, e);
            }
        }
    }

    /** One client and its way to the server. */
    private final class Connection {
        private final Socket client;
        private final Socket server;
        private volatile boolean losesReply;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void forwardRequests() {
            forward(client, server, this::passRequest);
        }

        void forwardReplies() {
            forward(server, client, this::passReply);
        }

        private void forward(Socket from, Socket to, Pass pass) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    pass.pass(buffer, length, out);
                }
            } catch (IOException gone) {
                // One of the two ends has closed the connection; so does the proxy.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                close();
            }
        }

        private void passRequest(byte[] buffer, int length, OutputStream out) throws IOException, InterruptedException {
            awaitWay(Duration.ZERO);
            String wanted = losesReplyTo.get();
            if (wanted != null
                    && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(wanted)
                    && losesReplyTo.compareAndSet(wanted, null)) {
                losesReply = true;
            }
            if (losesNextReply.compareAndSet(true, false)) {
                losesReply = true;
            }
            bytesToServer.addAndGet(length);
            out.write(buffer, 0, length);
        }

        private void passReply(byte[] buffer, int length, OutputStream out) throws IOException, InterruptedException {
            if (losesReply) {
                // Before anybody sees it.
                repliesLost.incrementAndGet();
                close();
                return;
            }
            awaitWay(currentDelay());
            boolean halves = halvesReplies.get();
            int passed = halves ? length / 2 : length;
            bytesToClient.addAndGet(passed);
            out.write(buffer, 0, passed);
            if (halves) {
                repliesLost.incrementAndGet();
                close();
            }
        }

        private Duration currentDelay() {
            synchronized (monitor) {
                return delay;
            }
        }

        /** Returns when the time has passed and nothing is stalled, or throws when the connection is closed. */
        private void awaitWay(Duration atLeast) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + atLeast.toNanos();
            synchronized (monitor) {
                while (true) {
                    if (client.isClosed()) {
                        throw new IOException("Closed");
                    }
                    long leftNanos = delay.isZero() ? 0 : deadline - System.nanoTime();
                    if (stalled) {
                        monitor.wait();
                    } else if (leftNanos > 0) {
                        monitor.wait(leftNanos / 1_000_000, (int) (leftNanos % 1_000_000));
                    } else {
                        return;
                    }
                }
            }
        }

        void close() {
            connections.remove(this);
            closeQuietly(client);
            closeQuietly(server);
            synchronized (monitor) {
                monitor.notifyAll();
            }
        }
    }

    /** What happens to a piece of data. */
    private interface Pass {
        void pass(byte[] buffer, int length, OutputStream out) throws IOException, InterruptedException;
    }
}
