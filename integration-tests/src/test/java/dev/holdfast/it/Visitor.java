package dev.holdfast.it;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One user with all cookies, as a real browser keeps them: by path, so that each application has its own session. Both
 * nodes are one site, for cookies do not know of ports. Does not follow redirects.
 */
final class Visitor {

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .build();

    /** The body of an answer with status 200. */
    String get(TomcatNode node, String path) {
        HttpResponse<String> response = response(node, path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    /**
     * A GET.
     *
     * @param headers names and values in turn
     */
    HttpResponse<String> response(TomcatNode node, String path, String... headers) {
        return response(node.url(path), headers);
    }

    HttpResponse<String> response(String url, String... headers) {
        return send(request(url, headers).build());
    }

    CompletableFuture<HttpResponse<String>> async(TomcatNode node, String path) {
        return client.sendAsync(request(node.url(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a form. */
    HttpResponse<String> post(TomcatNode node, String path, String form) {
        return send(request(node.url(path), "Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    }

    private static HttpRequest.Builder request(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request.toString(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All cookies of a name. */
    List<HttpCookie> cookies(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .toList();
    }

    /** Lets a cookie be sent with every request. */
    Visitor cookie(String name, String value) {
        forget(name);
        HttpCookie cookie = new HttpCookie(name, value);
        cookie.setPath("/");
        cookie.setDomain("127.0.0.1");
        cookie.setVersion(0);
        cookies.getCookieStore().add(URI.create("http://127.0.0.1/"), cookie);
        return this;
    }

    /** Another window of the same user, with the cookies of this moment. */
    Visitor twin() {
        Visitor twin = new Visitor();
        cookies.getCookieStore()
                .getCookies()
                .forEach(cookie -> twin.cookies.getCookieStore().add(URI.create("http://127.0.0.1/"), (HttpCookie)
                        cookie.clone()));
        return twin;
    }

    /** Loses the cookies of a name. */
    void forget(String name) {
        for (URI uri : List.copyOf(cookies.getCookieStore().getURIs())) {
            for (HttpCookie cookie : List.copyOf(cookies.getCookieStore().get(uri))) {
                if (cookie.getName().equals(name)) {
                    cookies.getCookieStore().remove(uri, cookie);
                }
            }
        }
    }
}
