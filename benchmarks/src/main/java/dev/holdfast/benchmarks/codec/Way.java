package dev.holdfast.benchmarks.codec;

/** Ways to write an object as bytes. None compresses or encrypts. */
public enum Way {
    HOLDFAST("Holdfast") {
        @Override
        Codec open() {
            return new HoldfastCodec();
        }
    },

    JAVA("Java serialization") {
        @Override
        Codec open() {
            return new JavaCodec();
        }
    },

    REDISSON_KRYO5("Redisson Kryo5Codec") {
        @Override
        Codec open() {
            return new RedissonCodec();
        }
    },

    JBOSS_MARSHALLING("JBoss Marshalling") {
        @Override
        Codec open() {
            return new JbossCodec();
        }
    };

    private final String title;

    Way(String title) {
        this.title = title;
    }

    abstract Codec open();

    String title() {
        return title;
    }
}
