package dev.holdfast.crypto;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One key of a ring. Encrypts nothing itself: each place has keys of its own that are derived from it. Immutable. */
final class Key {

    private static final String MAC = "HmacSHA256";

    private final String name;
    private final byte[] bytes;

    Key(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    String name() {
        return name;
    }

    byte[] nameBytes() {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isOf(byte[] others) {
        return MessageDigest.isEqual(bytes, others);
    }

    /**
     * The keys of a place: HKDF-Expand (RFC 5869) with this key, which is as random as a pseudorandom key must be, and the
     * description of the place.
     */
    PlaceKeys in(Place place) {
        Mac mac = mac(bytes);
        byte[] description = place.description();
        mac.update(description);
        byte[] first = mac.doFinal(new byte[] {1});
        mac.update(first);
        mac.update(description);
        return new PlaceKeys(this, description, first, mac.doFinal(new byte[] {2}));
    }

    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every JDK has " + MAC, e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key && name.equals(key.name) && isOf(key.bytes);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The name only. */
    @Override
    public String toString() {
        return "Key[" + name + "]";
    }
}
