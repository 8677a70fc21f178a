package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Writes a queue with its capacity, for which no memory is taken in advance. */
final class BlockingQueueSerializer extends Serializer<BlockingQueue<@Nullable Object>> {

    private final IntFunction<? extends BlockingQueue<?>> factory;

    BlockingQueueSerializer(IntFunction<? extends BlockingQueue<?>> factory) {
        this.factory = factory;
    }

    @Override
    public void write(Kryo kryo, Output output, BlockingQueue<@Nullable Object> queue) {
        // While other threads are at work, the two numbers may not fit together.
        List<@Nullable Object> elements = CollectionSerializer.snapshot(queue);
        long capacity = (long) elements.size() + queue.remainingCapacity();
        output.writeVarInt((int) Math.min(capacity, Integer.MAX_VALUE), true);
        Children.writeAll(kryo, output, elements, queue);
    }

    @Override
    @SuppressWarnings("unchecked")
    public BlockingQueue<@Nullable Object> read(
            Kryo kryo, Input input, Class<? extends BlockingQueue<@Nullable Object>> type) {
        BlockingQueue<@Nullable Object> queue = (BlockingQueue<@Nullable Object>) factory.apply(input.readVarInt(true));
        kryo.reference(queue);
        queue.addAll(Arrays.asList(Children.readAll(kryo, input, queue.getClass())));
        return queue;
    }
}
