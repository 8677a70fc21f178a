package dev.holdfast.benchmarks.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.redisson.client.handler.State;
import org.redisson.codec.Kryo5Codec;

/** What redisson-tomcat uses unless told otherwise. */
final class RedissonCodec implements Codec {

    private final Kryo5Codec codec = new Kryo5Codec(RedissonCodec.class.getClassLoader());

    @Override
    public byte[] encode(Object value) throws IOException {
        ByteBuf buffer = codec.getValueEncoder().encode(value);
        try {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            return bytes;
        } finally {
            buffer.release();
        }
    }

    @Override
    public Object decode(byte[] bytes) throws IOException {
        return codec.getValueDecoder().decode(Unpooled.wrappedBuffer(bytes), new State());
    }
}
