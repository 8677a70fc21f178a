package dev.holdfast.it;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person who uses Tomcat's manager application. */
final class Operator {

    private static final Pattern TARGET = Pattern.compile("(?:href|action)=\"([^\"]*)\"");
    private static final String CREDENTIALS = Base64.getEncoder()
            .encodeToString((TomcatInstallation.OPERATOR + ":" + TomcatInstallation.OPERATOR_PASSWORD)
                    .getBytes(StandardCharsets.UTF_8));

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final TomcatInstallation tomcat;

    Operator(TomcatInstallation tomcat) {
        this.tomcat = tomcat;
    }

    String get(String path) {
        return send(request(path).GET().build());
    }

    String post(String path, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(tomcat.url(path))).header("Authorization", "Basic " + CREDENTIALS);
    }

    private String send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(request.uri() + " answered " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The target of the first link or form of a page that matches a pattern: it carries the token against forgery. */
    static String target(String page, String pattern) {
        Matcher targets = TARGET.matcher(page);
        while (targets.find()) {
            String target = targets.group(1).replace("&amp;", "&").replace("&#47;", "/");
            if (Pattern.compile(pattern).matcher(target).find()) {
                return target;
            }
        }
        throw new AssertionError("No link with " + pattern + " in " + page);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
