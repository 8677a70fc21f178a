package dev.holdfast.store.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, read from a URI. No message of this class quotes a URI: it may hold a password.
 *
 * @param kind one server, sentinels or a cluster
 * @param tls whether connections are encrypted
 * @param user the ACL user, or null for the default user
 * @param password the password, or null if there is none
 * @param hosts {@code host:port} of each server or sentinel
 * @param master the name of the master that sentinels watch, or null
 * @param database the number of the database
 */
record RedisAddress(
        Kind kind,
        boolean tls,
        @Nullable String user,
        @Nullable String password,
        List<String> hosts,
        @Nullable String master,
        int database) {

    private static final Pattern SCHEME = Pattern.compile("(redis|rediss)(-sentinel|-cluster)?://(.*)");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:\\[\\]]+)(?::(\\d{1,5}))?");
    private static final String FORMS = "Expected redis://[user:password@]host[:port][/database],"
            + " redis-sentinel://[user:password@]host[:port],…/master[/database] or"
            + " redis-cluster://[user:password@]host[:port],…; with rediss instead of redis for TLS";

    /**
     * @throws IllegalArgumentException if the URI is none of the expected forms
     */
    static RedisAddress parse(String uri) {
        Matcher scheme = SCHEME.matcher(uri.strip());
        if (!scheme.matches()) {
            throw problem("it does not begin with a known scheme");
        }
        Kind kind = Kind.of(scheme.group(2));
        String rest = scheme.group(3);
        if (rest.contains("?") || rest.contains("#")) {
            throw problem("it has parameters, and a ? or # in a password must be written as %3F or %23");
        }

        int at = rest.lastIndexOf('@');
        String[] credentials = at < 0 ? new String[2] : credentials(rest.substring(0, at));
        String[] parts = rest.substring(at + 1).split("/", -1);
        List<String> path = new ArrayList<>(List.of(parts).subList(1, parts.length));
        if (!path.isEmpty() && path.get(path.size() - 1).isEmpty()) {
            path.remove(path.size() - 1);
        }

        String master = null;
        if (kind == Kind.SENTINEL) {
            if (path.isEmpty()) {
                throw problem("the name of the master is missing");
            }
            master = decode(path.remove(0));
        }
        int database = path.isEmpty() ? 0 : database(path.remove(0));
        if (!path.isEmpty()) {
            throw problem("its path has too many parts");
        }
        if (kind == Kind.CLUSTER && database != 0) {
            throw problem("a cluster has database 0 only");
        }
        List<String> hosts = hosts(parts[0], kind);
        return new RedisAddress(
                kind, scheme.group(1).equals("rediss"), credentials[0], credentials[1], hosts, master, database);
    }

    /** The addresses of the servers or sentinels, as Redisson expects them. */
    String[] urls() {
        return hosts.stream()
                .map(host -> (tls ? "rediss://" : "redis://") + host)
                .toArray(String[]::new);
    }

    /** Where Redis is, without user and password. */
    @Override
    public String toString() {
        return (tls ? "rediss" : "redis")
                + kind.suffix
                + "://"
                + String.join(",", hosts)
                + (master == null ? "" : "/" + master)
                + (database == 0 ? "" : "/" + database);
    }

    private static String[] credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        if (colon < 0) {
            throw problem("before the @ there must be user:password, or :password");
        }
        String user = decode(userInfo.substring(0, colon));
        return new String[] {user.isEmpty() ? null : user, decode(userInfo.substring(colon + 1))};
    }

    private static List<String> hosts(String list, Kind kind) {
        List<String> hosts = new ArrayList<>();
        for (String host : list.split(",", -1)) {
            Matcher matcher = HOST.matcher(host.strip());
            if (!matcher.matches()) {
                throw problem("it has no host, or a malformed one");
            }
            int port = matcher.group(2) == null ? kind.defaultPort : Integer.parseInt(matcher.group(2));
            if (port < 1 || port > 65535) {
                throw problem("port " + port + " does not exist");
            }
            hosts.add(matcher.group(1) + ":" + port);
        }
        if (kind == Kind.SINGLE && hosts.size() > 1) {
            throw problem("it has several hosts; sentinels are written redis-sentinel://, clusters redis-cluster://");
        }
        return List.copyOf(hosts);
    }

    private static int database(String text) {
        if (!text.matches("\\d{1,5}")) {
            throw problem("the database is no number");
        }
        return Integer.parseInt(text);
    }

    private static String decode(String text) {
        try {
            // A plus is a plus here, not a blank as in forms.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw problem("a % must be followed by two hexadecimal digits, and is itself written as %25");
        }
    }

    private static IllegalArgumentException problem(String what) {
        return new IllegalArgumentException("The Redis URI is malformed: " + what + ". " + FORMS);
    }

    /** What the URI leads to. */
    enum Kind {
        /** One server. */
        SINGLE("", 6379),
        /** Sentinels that know a master. */
        SENTINEL("-sentinel", 26379),
        /** Nodes of a cluster. */
        CLUSTER("-cluster", 6379);

        private final String suffix;
        private final int defaultPort;

        Kind(String suffix, int defaultPort) {
            this.suffix = suffix;
            this.defaultPort = defaultPort;
        }

        private static Kind of(@Nullable String suffix) {
            for (Kind kind : values()) {
                if (kind.suffix.equals(suffix == null ? "" : suffix)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("No such kind");
        }
    }
}
