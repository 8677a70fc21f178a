package dev.holdfast.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;
import org.objenesis.instantiator.ObjectInstantiator;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * Makes empty objects of one class: by the constructor without arguments, so that transient fields get their initial
 * values; without any constructor if there is none, or if it throws.
 */
final class Maker {

    private final @Nullable Constructor<?> constructor;
    private final ObjectInstantiator<?> withoutConstructor;

    Maker(Class<?> type) {
        this.constructor = constructorOf(type);
        this.withoutConstructor = new StdInstantiatorStrategy().newInstantiatorOf(type);
    }

    private static @Nullable Constructor<?> constructorOf(Class<?> type) {
        try {
            Constructor<?> candidate = type.getDeclaredConstructor();
            return candidate.trySetAccessible() ? candidate : null;
        } catch (NoSuchMethodException none) {
            return null;
        }
    }

    Object make() {
        if (constructor != null) {
            try {
                return constructor.newInstance();
            } catch (InvocationTargetException | InstantiationException | IllegalAccessException unusable) {
                // A constructor that forbids its use does not stop Java serialization either.
                return withoutConstructor.newInstance();
            }
        }
        return withoutConstructor.newInstance();
    }
}
