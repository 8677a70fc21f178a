package dev.holdfast.config;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Redis URI and collects all that is wrong with it.
 *
 * <p>What stands before the last {@code @} is user and password, whatever it contains. So a password that should have
 * been percent-encoded is never taken for a host or a path, which messages would show.
 */
final class RedisUriParser {

    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("\\[[0-9A-Fa-f:.]+]");
    private static final Pattern MASTER_NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern DATABASE = Pattern.compile("[0-9]{1,5}");
    private static final Pattern LOOKS_LIKE_FILE = Pattern.compile("(?i).*\\.(ya?ml|conf|json)");
    private static final String MUST_BE_ENCODED = "/?#[]@ \"<>\\^`{|}";

    private final RedisScheme scheme;
    private final List<String> problems = new ArrayList<>();

    private RedisUriParser(RedisScheme scheme) {
        this.scheme = scheme;
    }

    static RedisAddress parse(String uri) {
        int schemeEnd = uri.indexOf(RedisScheme.SEPARATOR);
        if (schemeEnd < 0) {
            throw noScheme(uri);
        }
        RedisScheme scheme =
                RedisScheme.of(uri.substring(0, schemeEnd)).orElseThrow(() -> unknownScheme(uri, schemeEnd));
        return new RedisUriParser(scheme).readAfterScheme(uri.substring(schemeEnd + RedisScheme.SEPARATOR.length()));
    }

    private static BadValueException noScheme(String uri) {
        if (LOOKS_LIKE_FILE.matcher(uri).matches()) {
            return BadValueException.writeElsewhere(
                    "redissonConfig", Masking.shown(uri), "this is a file, not the address of a server");
        }
        return BadValueException.write(
                RedisScheme.REDIS.prefix() + Masking.shownUri(uri), "the scheme is missing, such as redis://");
    }

    private static BadValueException unknownScheme(String uri, int schemeEnd) {
        String afterScheme = Masking.shownUri(uri.substring(schemeEnd + RedisScheme.SEPARATOR.length()));
        return BadValueException.write(
                RedisScheme.REDIS.prefix() + afterScheme, "the scheme is not one of " + RedisScheme.all());
    }

    private RedisAddress readAfterScheme(String rest) {
        int at = rest.lastIndexOf('@');
        RedisCredentials credentials = at < 0 ? null : credentials(rest.substring(0, at));
        List<String> path = path(rest.substring(at + 1));
        List<HostAndPort> servers = servers(path.get(0));
        return switch (scheme.topology()) {
            case SINGLE -> single(credentials, servers, path);
            case SENTINEL -> sentinel(credentials, servers, path);
            case CLUSTER -> cluster(credentials, servers, path);
        };
    }

    private RedisAddress single(@Nullable RedisCredentials credentials, List<HostAndPort> servers, List<String> path) {
        int database = database(path, 1);
        if (servers.size() > 1) {
            problems.add("there is more than one server: the scheme of a Redis Cluster is redis-cluster://, "
                    + "that of Sentinels redis-sentinel://");
        }
        throwIfProblems();
        return new RedisAddress.Single(scheme.tls(), servers.get(0), credentials, database);
    }

    private RedisAddress sentinel(
            @Nullable RedisCredentials credentials, List<HostAndPort> servers, List<String> path) {
        String master = path.size() > 1 ? path.get(1) : "";
        if (master.isEmpty()) {
            problems.add("the name of the master is missing after the Sentinels, such as /mymaster");
        } else if (!MASTER_NAME.matcher(master).matches()) {
            problems.add("the name of the master has characters other than A-Z a-z 0-9 . _ -");
        }
        int database = database(path, 2);
        throwIfProblems();
        return new RedisAddress.Sentinel(scheme.tls(), servers, master, credentials, database);
    }

    private RedisAddress cluster(@Nullable RedisCredentials credentials, List<HostAndPort> servers, List<String> path) {
        if (path.size() > 2 || (path.size() == 2 && !path.get(1).isEmpty())) {
            problems.add("a Redis Cluster only has database 0: nothing stands after its nodes");
        }
        throwIfProblems();
        return new RedisAddress.Cluster(scheme.tls(), servers, credentials);
    }

    private void throwIfProblems() {
        if (!problems.isEmpty()) {
            throw BadValueException.write(scheme.example(), String.join("; ", problems));
        }
    }

    private List<String> path(String location) {
        if (location.indexOf('?') >= 0 || location.indexOf('#') >= 0) {
            problems.add("a URI has no options after ? or #");
            return List.of(location.split("[?#]", 2)[0].split("/", -1));
        }
        return List.of(location.split("/", -1));
    }

    private int database(List<String> path, int index) {
        if (path.size() > index + 1) {
            problems.add("there are more parts after the servers than are known");
        }
        String text = path.size() > index ? path.get(index) : "";
        if (text.isEmpty()) {
            return 0;
        }
        if (!DATABASE.matcher(text).matches()) {
            problems.add("the database is not a number from 0 to 99999, such as /0");
            return 0;
        }
        return Integer.parseInt(text);
    }

    private List<HostAndPort> servers(String text) {
        List<HostAndPort> servers = new ArrayList<>();
        for (String server : text.split(",", -1)) {
            server(server.strip()).ifPresent(servers::add);
        }
        return servers;
    }

    private Optional<HostAndPort> server(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : portSeparator(text);
        String host = text.substring(0, hostEnd);
        String afterHost = text.substring(hostEnd);
        int problemsBefore = problems.size();
        checkHost(text, host);
        int port = afterHost.isEmpty() ? scheme.topology().defaultPort() : port(afterHost);
        if (problems.size() > problemsBefore) {
            return Optional.empty();
        }
        return Optional.of(new HostAndPort(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
    }

    private static int portSeparator(String text) {
        int colon = text.lastIndexOf(':');
        return colon < 0 ? text.length() : colon;
    }

    private void checkHost(String server, String host) {
        if (server.startsWith("[")) {
            checkIpv6(host);
        } else if (host.indexOf(':') >= 0) {
            problems.add("an IPv6 address stands in brackets, such as [::1]:6379");
        } else if (host.isEmpty()) {
            problems.add("the host is missing");
        } else if (!HOST_NAME.matcher(host).matches()) {
            problems.add("a host has characters other than A-Z a-z 0-9 . _ -");
        }
    }

    private void checkIpv6(String bracketed) {
        if (!isIpv6(bracketed)) {
            problems.add("what stands in brackets is not an IPv6 address");
        }
    }

    private static boolean isIpv6(String bracketed) {
        if (!IPV6_CHARACTERS.matcher(bracketed).matches()) {
            return false;
        }
        try {
            // In brackets it is read as a literal address, or refused: no name is looked up.
            return InetAddress.getByName(bracketed) instanceof Inet6Address;
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    private int port(String withColon) {
        String text = withColon.substring(1);
        if (!withColon.startsWith(":") || !DIGITS.matcher(text).matches()) {
            // Not shown: in user:password without a host, this is the password.
            problems.add("a port is not a number between 1 and " + HostAndPort.MAX_PORT);
            return 0;
        }
        int port = text.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(text);
        if (port < 1 || port > HostAndPort.MAX_PORT) {
            problems.add("a port is not between 1 and " + HostAndPort.MAX_PORT);
        }
        return port;
    }

    private @Nullable RedisCredentials credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        if (colon < 0) {
            problems.add("before the @ stands user:password, or :password for the user \"default\"");
            return null;
        }
        if (userInfo.codePoints().anyMatch(RedisUriParser::mustBeEncoded)) {
            problems.add("special characters in the user or the password are percent-encoded, "
                    + "such as %40 for @, %2F for /, %23 for #, %3F for ?, %25 for %");
            return null;
        }
        String user = percentDecode(userInfo.substring(0, colon));
        String password = percentDecode(userInfo.substring(colon + 1));
        if (user == null || password == null) {
            problems.add("a % in the user or the password is not followed by two hexadecimal digits of UTF-8; "
                    + "%25 stands for the % itself");
            return null;
        }
        if (password.isEmpty()) {
            problems.add("the password is empty: a Redis without one is written without :@");
            return null;
        }
        return new RedisCredentials(user.isEmpty() ? null : user, new Secret(password));
    }

    private static boolean mustBeEncoded(int character) {
        return MUST_BE_ENCODED.indexOf(character) >= 0 || character <= ' ' || !Characters.isPrintable(character);
    }

    /** The text, or null if it is not well-formed. */
    private static @Nullable String percentDecode(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                octets.write(encoded[i]);
                continue;
            }
            int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
            int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            octets.write(high * 16 + low);
            i += 2;
        }
        String decoded = octets.toString(StandardCharsets.UTF_8);
        return decoded.indexOf('\uFFFD') >= 0 ? null : decoded;
    }
}
