package dev.holdfast.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts the values of one place. Not for use by several threads.
 *
 * <p><b>When a place gets another id</b>, what is stored there is not encrypted again. A certificate goes with it: an
 * encrypted value of the new id that says what the id was before. Whoever opens a value tries the present id first, and
 * then those that certificates lead to. Nobody without a key can make one, so values cannot be taken to another place.
 */
public final class Vault {

    /** Names of values never contain this one: they are the names of attributes, with a letter in front. */
    private static final String CERTIFICATE = "\u0000former id";

    private final Protection protection;
    private final Place place;
    private final Map<Key, Map<String, PlaceKeys>> derived = new HashMap<>();
    private byte[] certificates = new byte[0];
    private @Nullable List<String> ids;

    Vault(Protection protection, Place place) {
        this.protection = protection;
        this.place = place;
    }

    /**
     * Knows the certificates that are stored with the values from now on.
     *
     * @param stored what {@link #certificate} has made, one or several after one another; null if there are none
     * @return this
     */
    public Vault certified(byte @Nullable [] stored) {
        certificates = stored == null ? new byte[0] : stored;
        ids = null;
        return this;
    }

    /**
     * A value on its way out.
     *
     * @param name what it is called there
     * @return what to store
     */
    public byte[] sealed(String name, byte[] value) {
        return Unopened.isOne(value) ? Unopened.of(value).stored() : sealedText(name, value);
    }

    /** As {@link #sealed}, for what somebody has typed: whatever it looks like, it is no value that did not open. */
    public byte[] sealedText(String name, byte[] value) {
        KeyRing keys = protection.keys();
        return keys != null && protection.encrypts()
                ? keysOf(keys.first(), place.id()).seal(name, value)
                : value;
    }

    /**
     * A value that has come back.
     *
     * @param name what it is called there
     * @param stored what is stored
     * @return the value; if it does not open, something that no codec can read, and that {@link #sealed} turns into what is
     *     stored again
     */
    public byte[] opened(String name, byte[] stored) {
        byte[] value = openedOrNull(name, stored);
        return value == null ? new Unopened(place.id(), certificates, stored).toValue() : value;
    }

    /** As {@link #opened}, for who does nothing with a value that does not open. */
    public byte @Nullable [] openedOrNull(String name, byte[] stored) {
        if (!SealedBytes.isMarked(stored)) {
            if (protection.acceptsPlain()) {
                return stored;
            }
            protection.reports().plain();
            return null;
        }
        Optional<SealedBytes> sealed = SealedBytes.of(stored);
        if (sealed.isEmpty()) {
            protection.reports().doesNotOpen("");
            return null;
        }
        String keyName = sealed.get().keyName();
        KeyRing keys = protection.keys();
        Key key = keys == null ? null : keys.find(keyName);
        if (key == null) {
            protection.reports().noSuchKey(keyName);
            return null;
        }
        byte[] present = keysOf(key, place.id()).open(name, sealed.get());
        if (present != null) {
            return present;
        }
        for (String former : ids().subList(1, ids().size())) {
            byte[] value = keysOf(key, former).open(name, sealed.get());
            if (value != null) {
                return value;
            }
        }
        protection.reports().doesNotOpen(keyName);
        return null;
    }

    /**
     * Says what the id of this place was before, for who opens values of that time.
     *
     * @return to be stored with them, in front of earlier ones; empty without keys
     */
    public byte[] certificate(String formerId) {
        KeyRing keys = protection.keys();
        if (keys == null) {
            return new byte[0];
        }
        byte[] box = keysOf(keys.first(), place.id()).seal(CERTIFICATE, formerId.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(Short.BYTES + box.length)
                .putShort((short) box.length)
                .put(box)
                .array();
    }

    /**
     * The certificates that values need which did not open at another place, and are to be stored here as they are.
     *
     * @return empty if they need none
     */
    public byte[] certificatesFor(Iterable<byte[]> values) {
        ByteArrayOutputStream needed = new ByteArrayOutputStream();
        Set<String> led = new HashSet<>();
        for (byte[] value : values) {
            if (!Unopened.isOne(value)) {
                continue;
            }
            Unopened unopened = Unopened.of(value);
            if (led.add(unopened.id())) {
                if (!unopened.id().equals(place.id())) {
                    needed.writeBytes(certificate(unopened.id()));
                }
                needed.writeBytes(unopened.certificates());
            }
        }
        return needed.toByteArray();
    }

    /** The present id, and those that certificates lead to. */
    private List<String> ids() {
        List<String> known = ids;
        if (known == null) {
            known = new ArrayList<>(List.of(place.id()));
            ByteBuffer in = ByteBuffer.wrap(certificates);
            while (in.remaining() >= Short.BYTES) {
                int length = in.getShort() & 0xFFFF;
                if (length > in.remaining()) {
                    break;
                }
                byte[] box = new byte[length];
                in.get(box);
                String former = former(box, known);
                if (former != null && !known.contains(former)) {
                    known.add(former);
                }
            }
            ids = known;
        }
        return known;
    }

    /** The latest ids first: a certificate is of the id that the one before it has led to. */
    private @Nullable String former(byte[] box, List<String> known) {
        Optional<SealedBytes> sealed = SealedBytes.of(box);
        KeyRing keys = protection.keys();
        Key key =
                sealed.isEmpty() || keys == null ? null : keys.find(sealed.get().keyName());
        if (key == null) {
            return null;
        }
        for (int i = known.size() - 1; i >= 0; i--) {
            byte[] former = keysOf(key, known.get(i)).open(CERTIFICATE, sealed.get());
            if (former != null) {
                return new String(former, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    private PlaceKeys keysOf(Key key, String id) {
        return derived.computeIfAbsent(key, any -> new HashMap<>())
                .computeIfAbsent(id, any -> key.in(place.withId(id)));
    }
}
