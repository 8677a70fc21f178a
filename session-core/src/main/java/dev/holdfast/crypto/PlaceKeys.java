package dev.holdfast.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one place. Everything is encrypted by AES-256-GCM, with the place and a name within it as associated data.
 *
 * <p><b>Nonces.</b> The nonce is the beginning of an HMAC of what is encrypted, with a key of its own. So the same value in
 * the same place always has the same bytes: calls can be repeated, and Redis sees whether two nodes have written the same.
 * Two different values have the same nonce only by a chance of 2⁻⁹⁶ for each pair, and only pairs within one session count,
 * because its keys are its own. Who reads Redis can see that an attribute of a session has a value again that it had
 * before, and nothing else.
 */
final class PlaceKeys {

    private static final String CIPHER = "AES/GCM/NoPadding";

    private final byte[] header;
    private final byte[] description;
    private final byte[] encryption;
    private final byte[] nonces;

    /** @param description of the place */
    PlaceKeys(Key key, byte[] description, byte[] encryption, byte[] nonces) {
        this.header = SealedBytes.header(key);
        this.description = description;
        this.encryption = encryption;
        this.nonces = nonces;
    }

    /** Without the header: for bytes of which everybody knows how they were made. */
    byte[] sealBare(String name, byte[] plain) {
        byte[] sealed = seal(name, plain);
        return Arrays.copyOfRange(sealed, header.length, sealed.length);
    }

    /** What {@link #sealBare} has sealed here under this name, or null if this is something else. */
    byte @Nullable [] openBare(String name, byte[] bare) {
        byte[] sealed = Arrays.copyOf(header, header.length + bare.length);
        System.arraycopy(bare, 0, sealed, header.length, bare.length);
        return SealedBytes.of(sealed).map(whole -> open(name, whole)).orElse(null);
    }

    byte[] seal(String name, byte[] plain) {
        byte[] associated = associated(name);
        byte[] nonce = nonce(associated, plain);
        byte[] sealed =
                Arrays.copyOf(header, header.length + SealedBytes.NONCE_LENGTH + plain.length + SealedBytes.TAG_LENGTH);
        System.arraycopy(nonce, 0, sealed, header.length, nonce.length);
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce, associated)
                    .doFinal(plain, 0, plain.length, sealed, header.length + nonce.length);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed", e);
        }
    }

    /** What was sealed here under this name, or null if this is something else. */
    byte @Nullable [] open(String name, SealedBytes sealed) {
        byte[] associated = associated(name);
        byte[] bytes = sealed.bytes();
        int at = sealed.nonceAt();
        byte[] nonce = Arrays.copyOfRange(bytes, at, at + SealedBytes.NONCE_LENGTH);
        at += SealedBytes.NONCE_LENGTH;
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, associated).doFinal(bytes, at, bytes.length - at);
        } catch (AEADBadTagException other) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed", e);
        }
    }

    private byte[] associated(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.writeBytes(header);
        out.writeBytes(description);
        Place.append(out, name);
        return out.toByteArray();
    }

    private byte[] nonce(byte[] associated, byte[] plain) {
        Mac mac = Key.mac(nonces);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(associated.length).array());
        mac.update(associated);
        return Arrays.copyOf(mac.doFinal(plain), SealedBytes.NONCE_LENGTH);
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] associated) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(
                mode,
                new SecretKeySpec(encryption, "AES"),
                new GCMParameterSpec(SealedBytes.TAG_LENGTH * Byte.SIZE, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }
}
