package dev.holdfast.benchmarks.codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** The sessions that are measured. Each call makes equal ones. */
public enum SessionSize {
    /** Eight small attributes, as a login leaves them. */
    SMALL {
        @Override
        public Map<String, Object> attributes() {
            return login();
        }
    },

    /** The same, and a cart of 50 items. */
    MEDIUM {
        @Override
        public Map<String, Object> attributes() {
            Map<String, Object> session = login();
            session.put("cart", new Cart("alice", 50));
            return session;
        }
    },

    /** A hundred attributes of all sorts, about 50 KB as Java writes them. */
    LARGE {
        @Override
        public Map<String, Object> attributes() {
            Map<String, Object> session = login();
            for (int number = session.size(); number < 100; number++) {
                session.put("attribute" + number, attribute(number));
            }
            return session;
        }
    };

    /** Attributes by name. */
    public abstract Map<String, Object> attributes();

    private static Map<String, Object> login() {
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("user", "alice");
        session.put("userId", 4_711L);
        session.put("locale", Locale.GERMANY);
        session.put("token", new UUID(0x0123456789ABCDEFL, 0x7EDCBA9876543210L));
        session.put("visits", 12);
        session.put("since", Instant.parse("2026-11-01T09:30:00Z"));
        session.put("roles", new ArrayList<>(List.of("customer", "editor", "beta")));
        session.put("remember", true);
        return session;
    }

    private static Object attribute(int number) {
        return switch (number % 4) {
            case 0 -> "A text of some length, as a form keeps it between two pages. ".repeat(8);
            case 1 -> new Cart("customer " + number, 4);
            case 2 -> settings(number);
            default -> new TreeSet<>(Set.of("red", "green", "blue", "number " + number));
        };
    }

    private static Map<String, Object> settings(int number) {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            settings.put("setting " + i, i % 2 == 0 ? "value " + number : Integer.valueOf(number * i));
        }
        return settings;
    }
}
