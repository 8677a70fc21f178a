package dev.holdfast.it;

import dev.holdfast.testkit.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The one connection that a Redis has left: with it the test can put all right again. */
final class LastClient implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader replies;

    LastClient(RedisServer redis) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), redis.port());
            replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void keepOthersOut() {
        command("CONFIG SET maxclients 1");
        command("CLIENT KILL TYPE pubsub");
        command("CLIENT KILL TYPE normal");
    }

    void letOthersIn() {
        command("CONFIG SET maxclients 1000");
    }

    private void command(String line) {
        try {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            String reply = replies.readLine();
            if (reply == null || reply.startsWith("-")) {
                throw new AssertionError(line + " was answered with " + reply);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
