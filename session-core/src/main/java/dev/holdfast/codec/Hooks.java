package dev.holdfast.codec;

import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Finds out whether a serializable class has its own say in how its objects are written or read. */
final class Hooks {

    private Hooks() {}

    /** Whether the class, or one it extends, has any of the methods that Java serialization calls. */
    static boolean areInHierarchyOf(Class<?> type) {
        if (Externalizable.class.isAssignableFrom(type)) {
            return true;
        }
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            if (replaces(level)
                    || declares(level, "writeObject", ObjectOutputStream.class)
                    || declares(level, "readObject", ObjectInputStream.class)
                    || declares(level, "readObjectNoData")
                    || declaresSerialFields(level)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the class puts other objects in the place of its own. */
    static boolean replaces(Class<?> level) {
        return declares(level, "writeReplace") || declares(level, "readResolve");
    }

    /** Looks through what is declared, rather than asking for one method by an exception. */
    private static boolean declares(Class<?> level, String name, Class<?>... parameters) {
        for (Method method : level.getDeclaredMethods()) {
            if (method.getName().equals(name) && Arrays.equals(method.getParameterTypes(), parameters)) {
                return true;
            }
        }
        return false;
    }

    private static boolean declaresSerialFields(Class<?> level) {
        for (Field field : level.getDeclaredFields()) {
            if (field.getName().equals("serialPersistentFields")) {
                return true;
            }
        }
        return false;
    }
}
