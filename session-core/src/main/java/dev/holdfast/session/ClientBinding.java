package dev.holdfast.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Who a session belongs to: hashes of the client that it was bound to. It carries the prefix lengths that counted then, so
 * that nodes with other settings come to the same result, and a change of the setting logs nobody out. Immutable.
 *
 * <p>The hashes keep addresses out of Redis as text, and no more than that: there are so few addresses that whoever reads
 * the record can try them all. The salt keeps equal clients of two sessions from having equal hashes.
 *
 * <pre>
 * 1 byte  version, 1
 * 1 byte  bits of an IPv4 address that count
 * 1 byte  bits of an IPv6 address that count
 * 4 bytes salt
 * 8 bytes of the SHA-256 of salt, 'a', prefix of the address
 * 8 bytes of the SHA-256 of salt, 'u', User-Agent without versions
 * </pre>
 */
public final class ClientBinding {

    private static final int VERSION = 1;
    private static final int SALT_BYTES = 4;
    private static final int HASH_BYTES = 8;
    private static final int SALT_AT = 3;
    private static final int ADDRESS_AT = SALT_AT + SALT_BYTES;
    private static final int USER_AGENT_AT = ADDRESS_AT + HASH_BYTES;
    private static final int BYTES = USER_AGENT_AT + HASH_BYTES;

    private final byte[] bytes;

    private ClientBinding(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Binds to a client.
     *
     * @param ipv4Bits bits of an IPv4 address that count, 0 to 32; 0: the address does not count
     * @param ipv6Bits bits of an IPv6 address that count, 0 to 128; 0: the address does not count
     * @param random where the salt comes from; need not be hard to guess
     */
    public static ClientBinding to(Client client, int ipv4Bits, int ipv6Bits, RandomGenerator random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new ClientBinding(hashed(client, ipv4Bits, ipv6Bits, salt));
    }

    private static byte[] hashed(Client client, int ipv4Bits, int ipv6Bits, byte[] salt) {
        byte[] agent = UserAgent.withoutVersions(client.userAgent()).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(BYTES)
                .put((byte) VERSION)
                .put((byte) ipv4Bits)
                .put((byte) ipv6Bits)
                .put(salt)
                .put(hash(salt, 'a', ClientAddress.prefix(client.address(), ipv4Bits, ipv6Bits)))
                .put(hash(salt, 'u', agent))
                .array();
    }

    private static byte[] hash(byte[] salt, char what, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            digest.update((byte) what);
            return Arrays.copyOf(digest.digest(content), HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it.
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @return empty if it is none, or of a later version
     */
    public static Optional<ClientBinding> parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
        return bytes.length == BYTES && bytes[0] == VERSION ? Optional.of(new ClientBinding(bytes)) : Optional.empty();
    }

    /** For the record of the session: 31 characters. */
    public String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** In what a client differs from the one that the session is bound to. */
    public Difference differenceTo(Client client) {
        byte[] salt = Arrays.copyOfRange(bytes, SALT_AT, ADDRESS_AT);
        byte[] theirs = hashed(client, bytes[1], Byte.toUnsignedInt(bytes[2]), salt);
        boolean sameAddress = sameHash(theirs, ADDRESS_AT);
        boolean sameAgent = sameHash(theirs, USER_AGENT_AT);
        if (sameAddress) {
            return sameAgent ? Difference.NONE : Difference.USER_AGENT;
        }
        return sameAgent ? Difference.ADDRESS : Difference.BOTH;
    }

    private boolean sameHash(byte[] theirs, int from) {
        return Arrays.equals(bytes, from, from + HASH_BYTES, theirs, from, from + HASH_BYTES);
    }

    /** Says nothing. */
    @Override
    public String toString() {
        return "ClientBinding";
    }

    /** In what two clients differ. */
    public enum Difference {
        /** In nothing that counts. */
        NONE("nothing"),
        /** In the prefix of the address. */
        ADDRESS("address"),
        /** In the User-Agent, apart from versions. */
        USER_AGENT("User-Agent"),
        /** In both. */
        BOTH("address and User-Agent");

        private final String words;

        Difference(String words) {
            this.words = words;
        }

        /** For a message. */
        @Override
        public String toString() {
            return words;
        }
    }
}
