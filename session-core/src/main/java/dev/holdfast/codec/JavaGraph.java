package dev.holdfast.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes and reads one graph of objects with Java serialization alone. */
final class JavaGraph {

    private final ClassLookup classes;

    JavaGraph(ClassLookup classes) {
        this.classes = classes;
    }

    /** Encodes a graph into an envelope. */
    byte[] write(Object root) throws Exception {
        try {
            return writeHere(root);
        } catch (StackOverflowError shallowStack) {
            return DeepStack.call(() -> writeHere(root));
        }
    }

    private static byte[] writeHere(Object root) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(Envelope.firstByte(Envelope.JAVA));
        bytes.write(Envelope.flags());
        bytes.writeBytes(BoxOutput.wholeGraphOf(root));
        return bytes.toByteArray();
    }

    /** Decodes the body of an envelope. */
    Object read(byte[] body) throws Exception {
        try {
            return readHere(body);
        } catch (StackOverflowError shallowStack) {
            return DeepStack.call(() -> readHere(body));
        }
    }

    private Object readHere(byte[] body) throws IOException, ClassNotFoundException {
        Object root = BoxInput.read(body, new @Nullable Object[0], classes);
        if (root == null) {
            throw new GraphException("the bytes are damaged: there is no object in them");
        }
        return root;
    }
}
