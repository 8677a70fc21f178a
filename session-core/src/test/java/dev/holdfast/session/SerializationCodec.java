package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** A plain codec for tests of what stands above codecs; counts how often it works. */
final class SerializationCodec implements AttributeCodec {

    final AtomicInteger encoded = new AtomicInteger();
    final AtomicInteger decoded = new AtomicInteger();

    @Override
    public byte[] encode(Object value) {
        encoded.incrementAndGet();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new CodecException("cannot be encoded: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    @Override
    public Object decode(byte[] bytes) {
        decoded.incrementAndGet();
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new CodecException("cannot be decoded", e);
        }
    }

    @Override
    public boolean isImmutable(Object value) {
        return value instanceof String || value instanceof Integer;
    }
}
