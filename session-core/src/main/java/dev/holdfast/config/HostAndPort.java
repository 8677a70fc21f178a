package dev.holdfast.config;

/**
 * Where a server listens. Immutable.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port the TCP port, 1 to 65535
 */
public record HostAndPort(String host, int port) {

    static final int MAX_PORT = 65_535;

    /**
     * Checks the port, and that there is a host.
     *
     * @throws IllegalArgumentException if the host is blank or the port is not between 1 and 65535
     */
    public HostAndPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("A server has a host");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("A port is between 1 and " + MAX_PORT + ", not " + port);
        }
    }

    /** {@code host:port}, an IPv6 address in brackets: as it stands in a URI. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
