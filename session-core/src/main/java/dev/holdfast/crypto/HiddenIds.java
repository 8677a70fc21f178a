package dev.holdfast.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ids as others see them: a keyed hash of the id, and behind it the id itself, encrypted. The same id always looks the same, so
 * that it can be found; who has the key gets it back. Immutable, thread-safe.
 */
public final class HiddenIds {

    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();
    private static final String KIND = "ids";
    private static final int MARK_BYTES = 4;

    private final PlaceKeys keys;

    HiddenIds(Key key, String whose) {
        this.keys = key.in(new Place(KIND, whose, "", 0));
    }

    /**
     * What an id looks like.
     *
     * @param kind what it names, such as {@code session}: each kind looks different
     * @param id the id
     * @return letters, digits, hyphens and underscores
     */
    public String hide(String kind, String id) {
        return TO_TEXT.encodeToString(keys.sealBare(kind, id.getBytes(StandardCharsets.UTF_8)));
    }

    /** The id that looks like this; empty if there is none, because somebody else has written it. */
    public Optional<String> reveal(String kind, String hidden) {
        try {
            byte @Nullable [] id = keys.openBare(kind, Base64.getUrlDecoder().decode(hidden));
            return id == null ? Optional.empty() : Optional.of(new String(id, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Tells keys apart, and says nothing about them: ids look different where it is different. */
    public String mark() {
        return HexFormat.of().formatHex(keys.sealBare(KIND, new byte[0]), 0, MARK_BYTES);
    }
}
