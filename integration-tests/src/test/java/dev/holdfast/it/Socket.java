package dev.holdfast.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The client's side of a WebSocket that answers each message with one message. */
final class Socket implements AutoCloseable {

    private static final long MOST_WAIT_SECONDS = 20;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    private Socket(URI uri, String cookie) {
        WebSocket.Builder builder = CLIENT.newWebSocketBuilder();
        if (cookie != null) {
            builder.header("Cookie", "JSESSIONID=" + cookie);
        }
        socket = await(builder.buildAsync(uri, new Answers()));
    }

    /** Opens a WebSocket with the session of a user. */
    static Socket open(TomcatNode node, String path, Browser user) {
        return new Socket(URI.create(node.url(path).replaceFirst("http", "ws")), user.cookie());
    }

    /** Sends a message and waits for the answer. */
    String ask(String message) {
        send(message);
        return answer();
    }

    void send(String message) {
        await(socket.sendText(message, true));
    }

    /** The answer to the earliest message that was sent and whose answer was not asked for. */
    String answer() {
        try {
            String answer = answers.poll(MOST_WAIT_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("The WebSocket does not answer");
            }
            return answer;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(MOST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private final class Answers implements WebSocket.Listener {

        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            parts.append(part);
            if (last) {
                answers.add(parts.toString());
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            answers.add("closed with " + status + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable thrown) {
            answers.add("closed by " + thrown);
        }
    }
}
