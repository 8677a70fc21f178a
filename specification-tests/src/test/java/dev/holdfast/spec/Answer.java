package dev.holdfast.spec;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/** What came back. */
record Answer(HttpResponse<String> response) {

    int status() {
        return response.statusCode();
    }

    String body() {
        return response.body();
    }

    /** One for each step. */
    List<String> lines() {
        return response.body().lines().toList();
    }

    /** The value of a header, or "none". */
    String header(String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    /** The last header that sets a cookie of this name. */
    Optional<String> setCookie(String name) {
        return response.headers().allValues("Set-Cookie").stream()
                .filter(header -> header.startsWith(name + "="))
                .reduce((first, last) -> last);
    }

    /** Whether it sets any cookie. */
    boolean setsCookie() {
        return response.headers().firstValue("Set-Cookie").isPresent();
    }
}
