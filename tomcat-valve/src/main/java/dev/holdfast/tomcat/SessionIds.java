package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Draws session ids from Tomcat's generator. */
final class SessionIds {

    private static final int MOST_DRAWS = 10_000;

    private final Supplier<String> generator;

    SessionIds(Supplier<String> generator) {
        this.generator = generator;
    }

    /**
     * Draws until an id fits.
     *
     * @throws IllegalStateException if none does, or if the generator makes ids that cannot be used
     */
    SessionId draw(Predicate<SessionId> fits) {
        for (int draw = 0; draw < MOST_DRAWS; draw++) {
            SessionId id = drawOne();
            if (fits.test(id)) {
                return id;
            }
        }
        throw new IllegalStateException("HF-104 The session id generator gives too few different ids");
    }

    private SessionId drawOne() {
        String drawn = generator.get();
        return RoutedId.idOf(drawn)
                .orElseThrow(() -> new IllegalStateException("HF-103 The session id generator made an id that cannot be"
                        + " used: " + SessionId.mask(drawn) + " with "
                        + RoutedId.withoutRoute(drawn).length()
                        + " characters. Ids have " + SessionId.MIN_LENGTH + " to " + SessionId.MAX_LENGTH
                        + " characters out of A-Z a-z 0-9 _ -; set sessionIdLength of the <SessionIdGenerator> to 8"
                        + " to 64."));
    }
}
