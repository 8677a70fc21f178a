package dev.holdfast.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One user: an HTTP client that keeps the session cookie, whichever node it talks to. Does not follow redirects.
 */
final class Browser {

    private static final HttpClient HTTP_1 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpClient client;
    private volatile String cookie;

    Browser() {
        this(HTTP_1);
    }

    private Browser(HttpClient client) {
        this.client = client;
    }

    /** A user whose browser speaks HTTP/2 without TLS. */
    static Browser http2() {
        return new Browser(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build());
    }

    /** The value of the session cookie; null before the first session. */
    String cookie() {
        return cookie;
    }

    Browser cookie(String value) {
        cookie = value;
        return this;
    }

    /** The session id without a route. */
    String sessionId() {
        return cookie.replaceFirst("\\..*", "");
    }

    /** Another user agent with the same cookie: requests of one user at the same time. */
    Browser twin() {
        return new Browser(client).cookie(cookie);
    }

    String get(TomcatNode node, String path) {
        return get(node.url(path));
    }

    /** The body of an answer with status 200. */
    String get(String url) {
        HttpResponse<String> response = response("GET", url);
        if (response.statusCode() != 200) {
            throw new AssertionError(url + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    HttpResponse<String> response(TomcatNode node, String path) {
        return response("GET", node.url(path));
    }

    /**
     * Sends a body.
     *
     * @param contentType of the body
     * @param headers names and values in turn
     */
    HttpResponse<String> post(TomcatNode node, String path, String contentType, String body, String... headers) {
        return exchange(node, path, "POST", HttpRequest.BodyPublishers.ofString(body), builder -> {
            builder.header("Content-Type", contentType);
            addHeaders(builder, headers);
        });
    }

    /**
     * A GET with headers.
     *
     * @param headers names and values in turn
     */
    HttpResponse<String> responseTo(TomcatNode node, String path, String... headers) {
        return exchange(
                node, path, "GET", HttpRequest.BodyPublishers.noBody(), builder -> addHeaders(builder, headers));
    }

    private static void addHeaders(HttpRequest.Builder builder, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
    }

    private HttpResponse<String> exchange(
            TomcatNode node,
            String path,
            String method,
            HttpRequest.BodyPublisher body,
            Consumer<HttpRequest.Builder> customizer) {
        HttpRequest.Builder request = request(node.url(path)).method(method, body);
        customizer.accept(request);
        try {
            return keepCookie(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> response(String method, String url) {
        try {
            return send(method, url);
        } catch (IOException e) {
            throw new AssertionError(method + " " + url, e);
        }
    }

    /**
     * For a server that may be gone.
     *
     * @param method one that the client does not repeat by itself, such as POST, if it matters how often it is done
     * @throws IOException if there is no answer; what was asked may have been done
     */
    HttpResponse<String> send(String method, String url) throws IOException {
        try {
            return keepCookie(client.send(request(method, url), HttpResponse.BodyHandlers.ofString()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns as soon as the headers are here; the body is still to come. */
    HttpResponse<InputStream> stream(TomcatNode node, String path) {
        return stream("GET", node.url(path));
    }

    HttpResponse<InputStream> stream(String method, String url) {
        try {
            return keepCookie(client.send(request(method, url), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + url, e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    CompletableFuture<HttpResponse<String>> async(TomcatNode node, String path) {
        return client.sendAsync(request("GET", node.url(path)), HttpResponse.BodyHandlers.ofString())
                .thenApply(this::keepCookie);
    }

    private HttpRequest request(String method, String url) {
        return request(url).method(method, HttpRequest.BodyPublishers.noBody()).build();
    }

    private HttpRequest.Builder request(String url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30));
        String sent = cookie;
        if (sent != null) {
            request.header("Cookie", "JSESSIONID=" + sent);
        }
        return request;
    }

    private <T> HttpResponse<T> keepCookie(HttpResponse<T> response) {
        sessionCookieOf(response).ifPresent(value -> cookie = value);
        return response;
    }

    /** The session cookie that a response sets. */
    static Optional<String> sessionCookieOf(HttpResponse<?> response) {
        List<String> cookies = response.headers().allValues("Set-Cookie");
        return cookies.stream()
                .filter(header -> header.startsWith("JSESSIONID="))
                .reduce((first, last) -> last)
                .map(header -> header.substring("JSESSIONID=".length()).replaceFirst(";.*", ""));
    }
}
