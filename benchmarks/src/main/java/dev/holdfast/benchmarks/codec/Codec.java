package dev.holdfast.benchmarks.codec;

import java.io.IOException;

/** Writes an object as bytes, and reads it again. */
interface Codec {

    byte[] encode(Object value) throws IOException;

    Object decode(byte[] bytes) throws IOException, ClassNotFoundException;
}
