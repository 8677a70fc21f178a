package dev.holdfast.store.redis;

import io.netty.buffer.Unpooled;
import org.redisson.client.codec.BaseCodec;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.protocol.Decoder;
import org.redisson.client.protocol.Encoder;

/** Arguments and replies of scripts: byte arrays, and {@linkplain StampedValue values with an instant} on their way out. */
final class ArgumentCodec extends BaseCodec {

    static final ArgumentCodec INSTANCE = new ArgumentCodec();

    private static final Encoder ENCODER = in -> in instanceof StampedValue stamped
            ? Unpooled.wrappedBuffer(stamped.instant(), stamped.value())
            : ByteArrayCodec.INSTANCE.getValueEncoder().encode(in);

    private ArgumentCodec() {}

    @Override
    public Decoder<Object> getValueDecoder() {
        return ByteArrayCodec.INSTANCE.getValueDecoder();
    }

    @Override
    public Encoder getValueEncoder() {
        return ENCODER;
    }
}
