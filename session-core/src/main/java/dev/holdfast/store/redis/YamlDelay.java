package dev.holdfast.store.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.redisson.config.ConstantDelay;
import org.redisson.config.DecorrelatedJitterDelay;
import org.redisson.config.DelayStrategy;
import org.redisson.config.EqualJitterDelay;
import org.redisson.config.FullJitterDelay;

/** Redisson's delays as beans that a YAML file can fill; see {@link YamlConfig}. */
abstract class YamlDelay implements DelayStrategy {

    Duration base = Duration.ofMillis(100);
    Duration max = Duration.ofSeconds(1);

    /** Called by the reader of the file, with a duration such as {@code PT0.1S}. */
    public void setBaseDelay(String duration) {
        base = Duration.parse(duration);
    }

    /** Called by the reader of the file, with a duration such as {@code PT1S}. */
    public void setMaxDelay(String duration) {
        max = Duration.parse(duration);
    }

    /** Called by the reader of the file, with a duration such as {@code PT0.1S}. */
    public void setDelay(String duration) {
        base = Duration.parse(duration);
    }

    @Override
    public Duration calcDelay(int attempt) {
        return strategy().calcDelay(attempt);
    }

    abstract DelayStrategy strategy();

    /** Always the same. */
    static final class Constant extends YamlDelay {
        @Override
        DelayStrategy strategy() {
            return new ConstantDelay(base);
        }
    }

    /** Half of it random. */
    static final class EqualJitter extends YamlDelay {
        @Override
        DelayStrategy strategy() {
            return new EqualJitterDelay(base, max);
        }
    }

    /** All of it random. */
    static final class FullJitter extends YamlDelay {
        @Override
        DelayStrategy strategy() {
            return new FullJitterDelay(base, max);
        }
    }

    /** Random, growing from the one before. */
    static final class DecorrelatedJitter extends YamlDelay {

        /** It remembers, so there is but one. */
        private final AtomicReference<DelayStrategy> only = new AtomicReference<>();

        @Override
        DelayStrategy strategy() {
            return only.updateAndGet(present -> present == null ? new DecorrelatedJitterDelay(base, max) : present);
        }
    }
}
