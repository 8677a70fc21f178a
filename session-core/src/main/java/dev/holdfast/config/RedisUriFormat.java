package dev.holdfast.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a Redis address as a URI. */
final class RedisUriFormat {

    /** What RFC 3986 calls unreserved, besides letters and digits. */
    private static final String UNRESERVED_PUNCTUATION = "-._~";

    private RedisUriFormat() {}

    /** With the password. */
    static String complete(RedisAddress address) {
        return write(address, completeUserInfo(address.credentials()));
    }

    /** With {@code ***} in place of the password. */
    static String masked(RedisAddress address) {
        return write(address, maskedUserInfo(address.credentials()));
    }

    private static String write(RedisAddress address, String userInfo) {
        if (address instanceof RedisAddress.Single single) {
            return scheme(address, RedisScheme.Topology.SINGLE)
                    + userInfo
                    + single.server()
                    + database(single.database());
        }
        if (address instanceof RedisAddress.Sentinel sentinel) {
            return scheme(address, RedisScheme.Topology.SENTINEL) + userInfo + servers(sentinel.sentinels()) + "/"
                    + sentinel.master() + database(sentinel.database());
        }
        RedisAddress.Cluster cluster = (RedisAddress.Cluster) address;
        return scheme(address, RedisScheme.Topology.CLUSTER) + userInfo + servers(cluster.nodes());
    }

    private static String scheme(RedisAddress address, RedisScheme.Topology topology) {
        return RedisScheme.of(topology, address.tls()).prefix();
    }

    private static String servers(List<HostAndPort> servers) {
        return servers.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    }

    private static String database(int database) {
        return database == 0 ? "" : "/" + database;
    }

    private static String completeUserInfo(@Nullable RedisCredentials credentials) {
        if (credentials == null) {
            return "";
        }
        return encodedUser(credentials) + ":"
                + percentEncode(credentials.password().value()) + "@";
    }

    private static String maskedUserInfo(@Nullable RedisCredentials credentials) {
        return credentials == null ? "" : encodedUser(credentials) + ":" + credentials.password() + "@";
    }

    private static String encodedUser(RedisCredentials credentials) {
        return credentials.user() == null ? "" : percentEncode(credentials.user());
    }

    private static String percentEncode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(octet)) {
                encoded.append((char) octet);
            } else {
                encoded.append(String.format("%%%02X", octet));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= '0' && octet <= '9')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= 'a' && octet <= 'z')
                || UNRESERVED_PUNCTUATION.indexOf(octet) >= 0;
    }
}
