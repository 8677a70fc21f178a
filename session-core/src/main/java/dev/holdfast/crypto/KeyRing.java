package dev.holdfast.crypto;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys with names. The first one encrypts; all of them decrypt, so that keys can be exchanged while nodes run. One that has the
 * name {@code ids} is for ids, and for nothing else, wherever it stands. Immutable.
 * Nothing shows a key: {@link #toString()} has the names only.
 */
public final class KeyRing {

    /** How many bytes a key has: AES-256. */
    static final int KEY_LENGTH = 32;

    /** The longest name of a key; it stands in front of everything that is encrypted with it. */
    static final int MAX_NAME_LENGTH = 32;

    /** The name of the key that hides ids. It encrypts nothing else, and stays when others are exchanged. */
    private static final String IDS = "ids";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_NAME_LENGTH + "}");
    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*#.*$");
    private static final String MAKE_ONE = "; openssl rand -base64 32 makes one";

    private final List<Key> keys;

    private final @Nullable Key ids;

    private KeyRing(List<Key> keys, @Nullable Key ids) {
        this.keys = List.copyOf(keys);
        this.ids = ids;
    }

    /**
     * Reads keys.
     *
     * @param text {@code name:base64}, with commas or white space in between; lines that begin with {@code #} do not count
     * @return the keys, in their order
     * @throws IllegalArgumentException if it is something else, a key has not 32 bytes, or a name or a key stands there
     *     twice; the message shows nothing of a key
     */
    public static KeyRing parse(String text) {
        Map<String, Key> named = new LinkedHashMap<>();
        int position = 0;
        for (String entry : COMMENT.matcher(text).replaceAll("").split("[,\\s]+", -1)) {
            if (entry.isEmpty()) {
                continue;
            }
            position++;
            int colon = entry.indexOf(':');
            if (colon < 0 || !NAME.matcher(entry.substring(0, colon)).matches()) {
                throw new IllegalArgumentException(
                        "key number " + position + " has no name in front of it, or one that is" + " not 1 to "
                                + MAX_NAME_LENGTH + " letters, digits, dots, underscores and hyphens");
            }
            String name = entry.substring(0, colon);
            byte[] bytes = bytesOf(name, entry.substring(colon + 1));
            for (Key earlier : named.values()) {
                if (earlier.isOf(bytes)) {
                    throw new IllegalArgumentException(
                            "the keys " + earlier.name() + " and " + name + " are the same key");
                }
            }
            if (named.put(name, new Key(name, bytes)) != null) {
                throw new IllegalArgumentException("there are two keys of the name " + name);
            }
        }
        Key ids = named.remove(IDS);
        if (named.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no key" + (ids == null ? "" : " beside the one for ids") + MAKE_ONE);
        }
        return new KeyRing(new ArrayList<>(named.values()), ids);
    }

    private static byte[] bytesOf(String name, String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            // Neither the message nor the cause: they show a part of the key.
            throw new IllegalArgumentException("the key " + name + " is not base64" + MAKE_ONE);
        }
        if (bytes.length != KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "the key " + name + " has " + bytes.length + " bytes and not " + KEY_LENGTH + MAKE_ONE);
        }
        if (isOneByte(bytes)) {
            throw new IllegalArgumentException("the key " + name + " is one byte " + KEY_LENGTH + " times" + MAKE_ONE);
        }
        return bytes;
    }

    private static boolean isOneByte(byte[] bytes) {
        for (byte each : bytes) {
            if (each != bytes[0]) {
                return false;
            }
        }
        return true;
    }

    /** The key that encrypts. */
    Key first() {
        return keys.get(0);
    }

    /** The key of a name; null if there is none. */
    @Nullable
    Key find(String name) {
        for (Key key : keys) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        return null;
    }

    /** Whether there is a key for ids, which has the name {@code ids}. */
    public boolean hidesIds() {
        return ids != null;
    }

    /** Hides ids; null if there is no key for that. */
    @Nullable
    HiddenIds hiddenIds(String whose) {
        return ids == null ? null : new HiddenIds(ids, whose);
    }

    /** The names of the keys that encrypt values, the one that encrypts first. */
    public List<String> names() {
        return keys.stream().map(Key::name).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyRing ring && keys.equals(ring.keys) && Objects.equals(ids, ring.ids);
    }

    @Override
    public int hashCode() {
        return names().hashCode();
    }

    /** The names of the keys, and nothing else of them. */
    @Override
    public String toString() {
        return "KeyRing" + names();
    }
}
