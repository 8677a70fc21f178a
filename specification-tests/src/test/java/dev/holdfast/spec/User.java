package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A browser of one user, at one place. Behind a balancer that sends each request to another node than the one before, if
 * there are two. Does not follow redirects.
 */
final class User {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Place place;
    private final Map<String, String> cookies = new TreeMap<>();
    private final Map<String, String> headers = new TreeMap<>();
    private boolean takesCookies = true;
    private int requests;

    User(Place place) {
        this.place = place;
    }

    /** A browser that ignores cookies. */
    User refusingCookies() {
        takesCookies = false;
        return this;
    }

    /** Sends a header with all requests from now on. */
    User sending(String name, String value) {
        headers.put(name, value);
        return this;
    }

    User withCookie(String name, String value) {
        cookies.put(name, value);
        return this;
    }

    /** The value of a cookie; null if there is none. */
    String cookie(String name) {
        return cookies.get(name);
    }

    /** The one that browsers of other users would have to know. */
    String sessionId() {
        return cookies.get("JSESSIONID");
    }

    /** The path of the application, as {@code ServletContext.getContextPath} gives it. */
    String contextPath() {
        return place.path();
    }

    /** Performs steps within one request, and expects that it succeeds. */
    Answer perform(String... steps) {
        Answer answer = get("/step?" + query("step", steps));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    /** The same, of a request with one step: its result. */
    String ask(String step) {
        return perform(step).body().strip();
    }

    /** The same, answered later. */
    CompletableFuture<Answer> performLater(String... steps) {
        return CLIENT.sendAsync(request("/step?" + query("step", steps)).build(), bodyAsText())
                .thenApply(this::take);
    }

    /** The part of a URL that asks for steps. */
    static String query(String parameter, String... steps) {
        return Stream.of(steps)
                .map(step -> parameter + "=" + URLEncoder.encode(step, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /**
     * A GET.
     *
     * @param path within the application
     */
    Answer get(String path) {
        return send(request(path));
    }

    /** Sends a form. */
    Answer post(String path, String form) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /** Goes where a redirect leads to: a path from the root of the node. */
    Answer follow(Answer redirect) {
        String target = redirect.header("Location").replaceFirst("^http://[^/]*", "");
        assertThat(target).startsWith(place.path());
        return get(target.substring(place.path().length()));
    }

    private HttpRequest.Builder request(String path) {
        String node = place.nodes().get(requests++ % place.nodes().size());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Surroundings.url(node) + place.path() + path))
                .timeout(Duration.ofSeconds(30));
        headers.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            return take(CLIENT.send(request.build(), bodyAsText()));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse.BodyHandler<String> bodyAsText() {
        return HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8);
    }

    private Answer take(HttpResponse<String> response) {
        if (takesCookies) {
            for (String header : response.headers().allValues("Set-Cookie")) {
                String[] cookie = header.replaceFirst(";.*", "").split("=", 2);
                cookies.put(cookie[0], cookie[1]);
            }
        }
        return new Answer(response);
    }
}
