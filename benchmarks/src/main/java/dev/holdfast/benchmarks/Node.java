package dev.holdfast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A node in a process of its own, on a free port of the loopback interface. Thread-safe. */
final class Node implements AutoCloseable {

    private static final String COOKIE = "JSESSIONID";

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    private Node(Process process) {
        this.process = process;
        this.url = "http://127.0.0.1:" + awaitPort(process);
    }

    static Node start(ManagerKind kind, String redisUri) {
        try {
            return new Node(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx1g",
                            "-cp",
                            System.getProperty("java.class.path"),
                            NodeMain.class.getName(),
                            kind.name(),
                            redisUri)
                    .redirectError(Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String awaitPort(Process process) {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(NodeMain.READY)) {
                    return line.substring(NodeMain.READY.length());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("A node did not start");
    }

    /** The answer to a request without a session. */
    String get(String path) {
        return send(path, null).body();
    }

    long number(String path) {
        return Long.parseLong(get(path));
    }

    /** Creates a session that never ends, and returns its cookie. */
    String newSession() {
        return cookieOf(send("/create", null));
    }

    /** A request of the client with this cookie. */
    void read(String cookie) {
        send("/read", cookie);
    }

    private static String cookieOf(HttpResponse<String> response) {
        return response.headers()
                .firstValue("set-cookie")
                .map(header -> header.split(";", 2)[0])
                .filter(pair -> pair.startsWith(COOKIE))
                .orElseThrow(() -> new IllegalStateException("No session was made"));
    }

    private HttpResponse<String> send(String path, @Nullable String cookie) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + " was answered with " + response.statusCode());
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends the process. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
