package dev.holdfast.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;

/** Writes and reads one graph of objects with Java serialization alone. */
final class JavaGraph {

    private final ClassLookup classes;
    private final int version;

    JavaGraph(ClassLookup classes, int version) {
        this.classes = classes;
        this.version = version;
    }

    /**
     * Encodes a graph into an envelope, and decodes it once to see that this is possible: Java serialization writes some
     * cycles that it cannot read.
     */
    byte[] write(Object root) throws Exception {
        try {
            return writeAndTry(root);
        } catch (StackOverflowError shallowStack) {
            return DeepStack.call(() -> writeAndTry(root));
        }
    }

    private byte[] writeAndTry(Object root) throws IOException, ClassNotFoundException {
        byte[] bytes = writeHere(root);
        readHere(Envelope.open(bytes).body(), classes.unfiltered());
        return bytes;
    }

    private byte[] writeHere(Object root) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(Envelope.firstByte(version, Envelope.JAVA));
        bytes.write(Envelope.flags());
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(root);
        }
        return bytes.toByteArray();
    }

    /** Decodes the body of an envelope. */
    Object read(byte[] body) throws Exception {
        try {
            return readHere(body, classes);
        } catch (StackOverflowError shallowStack) {
            return DeepStack.call(() -> readHere(body, classes));
        }
    }

    private static Object readHere(byte[] body, ClassLookup classes) throws IOException {
        BoxFilter filter = new BoxFilter().allow(body.length);
        Object root;
        try {
            root = new JavaInput(new ByteArrayInputStream(body), filter, classes, null).readObject();
        } catch (ClassNotFoundException gone) {
            throw JavaInput.unknown(gone);
        }
        if (root == null) {
            throw new GraphException("the bytes are damaged: there is no object in them");
        }
        return root;
    }
}
