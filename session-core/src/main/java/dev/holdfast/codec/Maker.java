package dev.holdfast.codec;

import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import org.objenesis.instantiator.ObjectInstantiator;
import org.objenesis.strategy.StdInstantiatorStrategy;

/** Makes empty objects of one class, whose fields are then set. */
@FunctionalInterface
interface Maker {

    Object make();

    /**
     * The way that suits a class.
     *
     * <p>Serializable classes are written for Java serialization: none of their constructors runs, so transient fields are
     * null or zero; but that of the first superclass which is not serializable does run. For all others nobody has said
     * what transient fields shall hold, and the constructor without arguments, if there is one, knows best.
     */
    static Maker of(Class<?> type, ClassLookup classes) {
        Maker withoutConstructor = withoutConstructor(type);
        if (!Serializable.class.isAssignableFrom(type)) {
            return byConstructor(type, withoutConstructor);
        }
        Class<?> base = type;
        while (Serializable.class.isAssignableFrom(base)) {
            base = base.getSuperclass();
        }
        return base == Object.class ? withoutConstructor : new EmptyStream(type, classes)::read;
    }

    private static Maker withoutConstructor(Class<?> type) {
        ObjectInstantiator<?> instantiator = new StdInstantiatorStrategy().newInstantiatorOf(type);
        return instantiator::newInstance;
    }

    private static Maker byConstructor(Class<?> type, Maker otherwise) {
        Constructor<?> constructor;
        try {
            constructor = type.getDeclaredConstructor();
        } catch (NoSuchMethodException none) {
            return otherwise;
        }
        return constructor.trySetAccessible() ? () -> call(constructor, otherwise) : otherwise;
    }

    private static Object call(Constructor<?> constructor, Maker otherwise) {
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException | InstantiationException | IllegalAccessException unusable) {
            return otherwise.make();
        }
    }
}
