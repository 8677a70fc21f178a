package dev.holdfast.store.redis;

import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;

/** What every client of ours needs, whatever a file says. */
final class RedissonDefaults {

    private RedissonDefaults() {}

    static void apply(Config config) {
        config.setCodec(ByteArrayCodec.INSTANCE);
        // Ours are called by their digest already.
        config.setUseScriptCache(false);
        // Or each value is looked at for being a live object, a feature whose libraries are not here.
        config.setReferenceEnabled(false);
        // Or a static cache of codecs keeps the class loader of a web application after it was undeployed.
        config.setUseThreadClassLoader(false);
        // The connection is made by a background thread; a lazy one would be made by the first request.
        config.setLazyInitialization(false);
    }
}
