package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes and reads one graph of objects with Kryo.
 *
 * <p>Of Kryo come references, the registry and the encoding of primitives and strings. The layout of objects is our own:
 * Kryo's serializer for fields that may come and go allocates what the bytes ask for, writes a field's class and its value
 * from two reads of the field, and leaves the references of a skipped field dangling.
 */
final class ObjectGraph {

    /** How deep they may be nested on the stack of a request thread: not more than half of 512 KB of it are used. */
    private static final int SHALLOW_DEPTH = 300;

    private static final int INITIAL_BUFFER = 512;
    private static final int MAX_POOLED = 2 * Runtime.getRuntime().availableProcessors();

    private final TypeForms forms;
    private final ClassLookup classes;
    private final Pool<Kryo> pool;
    private final int version;

    ObjectGraph(ClassLookup classes, int version) {
        UnsafeOff.ensure();
        this.version = version;
        this.classes = classes;
        this.forms = new TypeForms(classes);
        this.pool = new Pool<>(true, false, MAX_POOLED) {
            @Override
            protected Kryo create() {
                return newKryo(SHALLOW_DEPTH);
            }
        };
    }

    /** Why objects of a class cannot be written, if that is known of all of them. */
    Optional<String> obstacleTo(Class<?> type) {
        try {
            forms.of(type);
            return Optional.empty();
        } catch (GraphException refused) {
            return Optional.of(refused.describe());
        }
    }

    private Kryo newKryo(int maxDepth) {
        GraphReferences references = new GraphReferences(maxDepth, forms, classes);
        Kryo kryo = new Kryo(new GraphClassResolver(forms, references), references);
        kryo.setRegistrationRequired(false);
        kryo.setClassLoader(classes.application());
        kryo.setMaxDepth(maxDepth + 1);
        return kryo;
    }

    /**
     * Encodes a graph into an envelope.
     *
     * @throws LateCycle if it has a cycle that cannot be written
     * @throws GraphException if something in it cannot be written
     */
    byte[] write(Object root) throws Exception {
        return run(kryo -> write(kryo, root));
    }

    private byte[] write(Kryo kryo, Object root) {
        Output output = new Output(INITIAL_BUFFER, -1);
        output.writeByte(Envelope.firstByte(version, Envelope.KRYO));
        output.writeByte(Envelope.flags());
        kryo.writeClassAndObject(output, GraphReferences.standIn(kryo, root));
        return output.toBytes();
    }

    /** Decodes the body of an envelope. */
    Object read(byte[] body) throws Exception {
        return run(kryo -> read(kryo, body));
    }

    private static Object read(Kryo kryo, byte[] body) {
        Input input = new BoundedInput(body);
        Object root = kryo.readClassAndObject(input);
        if (root == null || input.position() != input.limit()) {
            throw new GraphException("the bytes are damaged: they do not end where the object does");
        }
        return root;
    }

    private <T> T run(Function<Kryo, T> work) throws Exception {
        try {
            Kryo kryo = pool.obtain();
            T result = work.apply(kryo);
            // After a failure, the instance is left to the garbage collector: its state may be in disorder.
            pool.free(kryo);
            return result;
        } catch (TooDeep | StackOverflowError shallowStack) {
            return DeepStack.call(() -> work.apply(newKryo(DeepStack.MAX_DEPTH)));
        }
    }
}
