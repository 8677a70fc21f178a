package dev.holdfast.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Types of the JDK and the numbers that stand for them in the bytes.
 *
 * <p>The numbers are part of the format: a number is never changed and never given to another type, and new types get
 * new numbers. Only exact classes match: a subclass may hold more.
 */
final class NumberedTypes {

    private final List<Registration> registrations = new ArrayList<>();
    private final Map<Class<?>, Registration> aliases = new HashMap<>();

    /** The types, each with its number. */
    List<Registration> registrations() {
        return registrations;
    }

    /** Classes without a name of their own in the API, that are written as one of the types. */
    Map<Class<?>, Registration> aliases() {
        return aliases;
    }

    /** Adds a type. */
    Registration add(int number, Class<?> type, Serializer<?> serializer) {
        Registration registration = new Registration(type, serializer, number);
        registrations.add(registration);
        return registration;
    }

    /** Adds a type whose objects refer to no others. */
    <T> Registration addValue(int number, Class<T> type, BiConsumer<Output, T> writer, Function<Input, T> reader) {
        return add(number, type, new ValueSerializer<>(writer, reader));
    }

    /** Adds classes that only their factory knows, by example; they share a number and a serializer. */
    void addGroup(int number, Serializer<?> serializer, Object example, Object... otherExamples) {
        Registration registration = add(number, example.getClass(), serializer);
        for (Object other : otherExamples) {
            addAlias(other.getClass(), registration);
        }
    }

    void addAlias(Class<?> type, Registration registration) {
        aliases.put(type, registration);
    }
}
