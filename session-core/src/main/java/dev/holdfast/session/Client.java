package dev.holdfast.session;

import java.util.Objects;

/**
 * What a request tells of who has sent it. Immutable.
 *
 * @param address the address that the request came from, as text; may be no address at all, or empty
 * @param userAgent the User-Agent; empty if it sent none
 */
public record Client(String address, String userAgent) {

    /** Checks that both are given. */
    public Client {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(userAgent, "userAgent");
    }

    /** Says nothing: an address is personal, and a User-Agent may be any text. */
    @Override
    public String toString() {
        return "Client";
    }
}
