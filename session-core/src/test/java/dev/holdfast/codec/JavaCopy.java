package dev.holdfast.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Java serialization makes of an object: the measure of what has to be carried. */
final class JavaCopy {

    private JavaCopy() {}

    static Object of(Object original) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(original);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    /** Bytes that are the same for equal graphs, also if one of them has a string once and the other twice. */
    static byte[] canonicalBytes(Object original) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new Canonical(bytes)) {
            out.writeObject(original);
        }
        return bytes.toByteArray();
    }

    private static final class Canonical extends ObjectOutputStream {

        private static final Class<?> AS_LIST = Arrays.asList(1).getClass();

        private final Map<Object, Object> values = new HashMap<>();
        private final Map<Object, Object> tables = new IdentityHashMap<>();

        Canonical(ByteArrayOutputStream bytes) throws IOException {
            super(bytes);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (BoxContent.isValue(object) && !(object instanceof Enum<?>)) {
                return values.computeIfAbsent(object, same -> same);
            }
            if (object.getClass() == HashMap.class || object.getClass() == HashSet.class) {
                return tables.computeIfAbsent(object, Canonical::withoutCapacity);
            }
            if (object.getClass() == AS_LIST) {
                // The type of the array behind it shows in nothing but an ArrayStoreException.
                return tables.computeIfAbsent(object, list -> ((List<?>) list).toArray());
            }
            return object;
        }

        /** How much room a table has is nobody's business, and in which order its entries come depends on it. */
        private static Object withoutCapacity(Object table) {
            List<Object> entries = new ArrayList<>();
            if (table instanceof Map<?, ?> map) {
                map.forEach((key, value) -> entries.add(new Object[] {String.valueOf(key), key, value}));
            } else {
                ((Set<?>) table).forEach(key -> entries.add(new Object[] {String.valueOf(key), key}));
            }
            entries.sort(Comparator.comparing(entry -> (String) ((Object[]) entry)[0]));
            entries.forEach(entry -> ((Object[]) entry)[0] = "");
            return entries.toArray();
        }
    }
}
