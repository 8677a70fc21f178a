package dev.holdfast.config;

/**
 * How much of a client's address its session is bound to: the first bits, as in {@code 203.0.113.0/24}. Immutable.
 *
 * @param ipv4 bits of an IPv4 address, 0 to 32; 0: the address does not count
 * @param ipv6 bits of an IPv6 address, 0 to 128; 0: the address does not count
 */
public record FingerprintPrefix(int ipv4, int ipv6) {

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public FingerprintPrefix {
        if (ipv4 < 0 || ipv4 > IPV4_BITS) {
            throw new IllegalArgumentException("an IPv4 address has 0 to 32 bits");
        }
        if (ipv6 < 0 || ipv6 > IPV6_BITS) {
            throw new IllegalArgumentException("an IPv6 address has 0 to 128 bits");
        }
    }

    /** As in the setting: {@code 24/56}. */
    @Override
    public String toString() {
        return ipv4 + "/" + ipv6;
    }
}
