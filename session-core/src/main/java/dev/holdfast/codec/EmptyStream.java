package dev.holdfast.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.UncheckedIOException;

/**
 * A stream of Java serialization that holds one object without any field. Reading it is the only public way to make an
 * object as deserialization does: no constructor of the serializable classes runs, that of their base class does.
 */
final class EmptyStream {

    private final byte[] bytes;
    private final ClassLookup classes;

    EmptyStream(Class<?> type, ClassLookup classes) {
        this.bytes = write(ObjectStreamClass.lookup(type));
        this.classes = classes;
    }

    private static byte[] write(ObjectStreamClass descriptor) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
            out.writeShort(ObjectStreamConstants.STREAM_VERSION);
            out.writeByte(ObjectStreamConstants.TC_OBJECT);
            out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
            out.writeUTF(descriptor.getName());
            out.writeLong(descriptor.getSerialVersionUID());
            out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
            out.writeShort(0);
            out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
            out.writeByte(ObjectStreamConstants.TC_NULL);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    Object read() {
        try {
            return new JavaInput(new ByteArrayInputStream(bytes), new BoxFilter().allow(bytes.length), classes, null)
                    .readObject();
        } catch (IOException | ClassNotFoundException failure) {
            throw new GraphException("no object can be made: " + Reasons.of(failure), failure);
        }
    }
}
