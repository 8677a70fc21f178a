package dev.holdfast.codec;

import com.esotericsoftware.kryo.Registration;
import org.jspecify.annotations.Nullable;

/**
 * How the objects of one class are written.
 *
 * @param registration the serializer, and the number of the type if it has one
 * @param form the layout of its objects; null for types with a number, where the number says it
 * @param layout the fields, for forms that have some
 */
record TypeForm(
        Registration registration,
        @Nullable Form form,
        @Nullable Layout layout) {

    /** The number of types that are written by name. */
    static final int BY_NAME = -1;

    /** Whether objects of the class go into boxes. */
    boolean isBox() {
        return registration.getId() == JdkTypes.BOX;
    }

    static TypeForm numbered(Registration registration) {
        return new TypeForm(registration, null, null);
    }
}
