package dev.holdfast.codec;

import java.io.Serializable;

/** Tells what becomes of an object that a boxed object refers to. */
final class BoxContent {

    private final TypeForms forms;

    BoxContent(TypeForms forms) {
        this.forms = forms;
    }

    /** Whether it is a value whose identity nobody asks for: it stays where it is. */
    static boolean isValue(Object object) {
        return object instanceof String
                || object instanceof Enum<?>
                || object instanceof Boolean
                || object instanceof Character
                || isBoxedNumber(object)
                || object instanceof StackTraceElement
                || object instanceof StackTraceElement[];
    }

    private static boolean isBoxedNumber(Object object) {
        return object instanceof Integer
                || object instanceof Long
                || object instanceof Double
                || object instanceof Float
                || object instanceof Short
                || object instanceof Byte;
    }

    /** Whether it goes into boxes wherever it is met: it stays in the stream that all boxes of a graph share. */
    boolean isBoxed(Object object) {
        return object instanceof Serializable && forms.of(object.getClass()).isBox();
    }
}
