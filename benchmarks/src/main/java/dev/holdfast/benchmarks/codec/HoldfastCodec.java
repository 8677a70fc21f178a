package dev.holdfast.benchmarks.codec;

import dev.holdfast.codec.KryoAttributeCodec;

/** Ours. */
final class HoldfastCodec implements Codec {

    private final KryoAttributeCodec codec = new KryoAttributeCodec(HoldfastCodec.class.getClassLoader());

    @Override
    public byte[] encode(Object value) {
        return codec.encode(value);
    }

    @Override
    public Object decode(byte[] bytes) {
        return codec.decode(bytes);
    }
}
