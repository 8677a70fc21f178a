package dev.holdfast.codec;

import java.util.ConcurrentModificationException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Encodes session attributes with Kryo. Thread-safe; make one for each web application, and let it go with the
 * application, as it remembers its classes.
 *
 * <p><b>What is carried:</b> everything that Java serialization carries, and objects of the application that are not
 * serializable, field by field. Transient fields are not written. For serializable classes no constructor runs, as in Java
 * serialization; others are made by their constructor without arguments, if they have one that does not throw. Objects
 * keep their identity, and cycles are kept, inside one attribute; only of immutable values of the JDK, such as a {@code
 * List.of}, there may be two equal ones in place of one. A graph whose cycles run through objects that can only be created
 * when their parts are there is written by Java serialization as a whole; such a graph must be serializable, and its
 * classes may change only as Java serialization allows.
 *
 * <p><b>What is refused:</b> what stands for something outside the heap (threads, streams, connections, locks that are
 * not serializable, servlet API objects), JDK objects that are not serializable, and objects nested more than 10000 deep.
 * From a depth of 300 on, a thread of its own does the work, as the stack of the caller might not bear it; hooks of Java
 * serialization then run without the caller's thread-locals.
 *
 * <p><b>Same object, same bytes:</b> encoding an unchanged object again gives the same bytes, from any thread and whatever
 * was encoded before. Hash maps and hash sets are written in the order of their iteration. A decoded one may iterate in
 * another order than the original did, so {@code encode(decode(bytes))} need not equal {@code bytes}. It is the same
 * every time that these bytes are decoded, unless keys take their hash codes from their identity.
 *
 * <p><b>Bytes are not trusted:</b> lengths and nesting are checked before memory is spent on them, and a {@link
 * ClassNameFilter} before a class is loaded.
 *
 * <p><b>Compression:</b> {@link #encode} compresses nothing, so that looking for changes costs none; {@link #pack} does, for
 * the store.
 */
public final class KryoAttributeCodec implements AttributeCodec {

    private final ClassLoader application;
    private final CodecOptions options;
    private final ObjectGraph objectGraph;
    private final JavaGraph javaGraph;
    private final ClassLookup classes;

    /**
     * Makes a codec that decodes any class.
     *
     * @param application see the other constructor
     */
    public KryoAttributeCodec(ClassLoader application) {
        this(application, CodecOptions.DEFAULTS);
    }

    /**
     * Makes a codec.
     *
     * @param application the class loader of the web application; classes that it does not know are looked for in the
     *     class loader of Holdfast
     * @param filter is asked about every class that bytes name before it is loaded, also about those of the JDK. Of an
     *     array, it is asked about the elements' class, too. It is not asked about strings inside of other objects, which
     *     have no class in Java serialization either
     */
    public KryoAttributeCodec(ClassLoader application, ClassNameFilter filter) {
        this(application, CodecOptions.DEFAULTS.withFilter(filter));
    }

    /**
     * Makes a codec.
     *
     * @param application see the other constructor
     * @param options how it reads and writes; whether there are rules for classes is said there
     */
    public KryoAttributeCodec(ClassLoader application, CodecOptions options) {
        this.application = Objects.requireNonNull(application, "application");
        this.options = options;
        this.classes = new ClassLookup(application, options);
        this.objectGraph = new ObjectGraph(classes, options.writeFormat());
        this.javaGraph = new JavaGraph(classes, options.writeFormat());
    }

    /**
     * {@inheritDoc}
     *
     * @throws ConcurrentModificationException if the object is being changed; trying again may succeed
     */
    @Override
    public byte[] encode(Object value) {
        Objects.requireNonNull(value, "value");
        try {
            return inApplication(() -> write(value));
        } catch (Exception | LinkageError | StackOverflowError | AssertionError failure) {
            ConcurrentModificationException changing = Reasons.concurrentModification(failure);
            if (changing != null) {
                throw changing;
            }
            throw failed("Cannot encode a " + value.getClass().getTypeName(), failure);
        }
    }

    private byte[] write(Object value) throws Exception {
        try {
            return objectGraph.write(value);
        } catch (LateCycle cycle) {
            if (cycle.isBeyondJava()) {
                throw new GraphException(cycle.getMessage() + ", and a record cannot be part of a cycle");
            }
            return javaGraph.write(value);
        }
    }

    @Override
    public Object decode(byte[] bytes) {
        try {
            Envelope envelope = Envelope.open(bytes);
            return inApplication(() -> read(envelope));
        } catch (CodecException otherFormat) {
            options.rules().reports().damaged();
            throw otherFormat;
        } catch (OutOfMemoryError tooMuch) {
            // A hook of the application has made room for a length that it has read. It is gone with the hook.
            throw undecodable(new GraphException("a class makes room for more than fits into memory"));
        } catch (Exception | LinkageError | StackOverflowError | AssertionError | InternalError failure) {
            RefusedClass refused = RefusedClass.behind(failure);
            if (refused != null) {
                throw new RefusedClassException(
                        refused.className(), refused.describe(), Reasons.withoutMessages(failure));
            }
            throw undecodable(failure);
        }
    }

    @Override
    public Optional<String> obstacleTo(Class<?> type) {
        return objectGraph.obstacleTo(type);
    }

    @Override
    public byte[] pack(byte[] encoded) {
        return Compression.pack(encoded, options.compressionThreshold());
    }

    @Override
    public byte[] unpack(byte[] stored) {
        try {
            return Compression.unpack(stored);
        } catch (CodecException damaged) {
            options.rules().reports().damaged();
            throw damaged;
        } catch (OutOfMemoryError tooMuch) {
            options.rules().reports().damaged();
            throw new CodecException("The attribute does not fit into memory when it is decompressed", tooMuch);
        }
    }

    private CodecException undecodable(Throwable failure) {
        ClassReports reports = options.rules().reports();
        Throwable cause = Reasons.withoutMessages(failure);
        DeniedClass denied = Reasons.find(DeniedClass.class, failure);
        if (denied != null) {
            reports.denied(denied);
            return new DeniedClassException(denied.className(), denied.isDangerous(), denied.describe(), cause);
        }
        UnknownClass gone = Reasons.find(UnknownClass.class, failure);
        String message = "Cannot decode an attribute: " + Reasons.of(gone == null ? failure : gone);
        if (gone != null) {
            reports.unknown(gone);
            return new UnknownClassException(gone.className(), message, cause);
        }
        reports.damaged();
        return new CodecException(message, cause);
    }

    /** What could not be read since this codec was made; the codec of the container has counts of its own. */
    public DecodingCounts counts() {
        return options.rules().reports().counts();
    }

    private Object read(Envelope envelope) throws Exception {
        Object value =
                envelope.codec() == Envelope.KRYO ? objectGraph.read(envelope.body()) : javaGraph.read(envelope.body());
        if (value instanceof String) {
            classes.check(String.class.getName());
        }
        return value;
    }

    /** Hooks of the application may look for classes where its threads do, and are run by threads of others, too. */
    private <T> T inApplication(Callable<T> work) throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        if (before == application) {
            return work.call();
        }
        current.setContextClassLoader(application);
        try {
            return work.call();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    @Override
    public AttributeCodec unfiltered() {
        return new KryoAttributeCodec(
                application,
                options.withFilter(ClassNameFilter.ALL)
                        .withRules(options.rules().forContainer()));
    }

    @Override
    public boolean isImmutable(Object value) {
        return ImmutableTypes.include(value);
    }

    private static CodecException failed(String what, Throwable failure) {
        return new CodecException(what + ": " + Reasons.of(failure), Reasons.withoutMessages(failure));
    }
}
