package dev.holdfast.codec;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Draws a graph of objects as text: classes, fields, elements, and which of them are the same object. Two graphs with the
 * same picture are copies of each other.
 */
final class Picture {

    private static final int LONG_ARRAY = 1000;

    private final Map<Object, Integer> seen = new IdentityHashMap<>();
    private final StringBuilder text = new StringBuilder();

    private Picture() {}

    static String of(@Nullable Object object) {
        Picture picture = new Picture();
        picture.draw(object);
        return picture.text.toString();
    }

    private void draw(@Nullable Object object) {
        if (object == null) {
            text.append("null");
            return;
        }
        if (isValue(object)) {
            text.append(nameOf(object)).append(':').append(valueOf(object));
            return;
        }
        Integer number = seen.get(object);
        if (number != null) {
            text.append('#').append(number);
            return;
        }
        seen.put(object, seen.size());
        text.append(nameOf(object)).append('(');
        drawInside(object);
        text.append(')');
    }

    /** Hidden classes are numbered as they come. */
    private static String nameOf(Object object) {
        String name = object.getClass().getName();
        return object.getClass().isHidden() ? name.substring(0, name.indexOf("$$")) : name;
    }

    private static boolean isValue(Object object) {
        return object instanceof Enum<?>
                || object instanceof Class<?>
                || object instanceof Serializable && isOfALibrary(object.getClass())
                || !isContainer(object) && ClassLookup.isOfTheJdk(object.getClass());
    }

    /** Their insides are nobody's business, and may lead through the whole library. */
    private static boolean isOfALibrary(Class<?> type) {
        return !ClassLookup.isOfTheJdk(type)
                && !type.isArray()
                && !type.getName().matches("(dev\\.holdfast|com\\.example)\\..*")
                && !java.lang.reflect.Proxy.isProxyClass(type);
    }

    private static boolean isContainer(Object object) {
        return object.getClass().isArray()
                || object instanceof Collection<?>
                || object instanceof Map<?, ?>
                || object instanceof Map.Entry<?, ?>
                || object instanceof Optional<?>
                || object instanceof AtomicReference<?>
                || object instanceof Throwable;
    }

    private static String valueOf(Object object) {
        if (object instanceof java.util.Calendar calendar) {
            return calendar.getTimeInMillis()
                    + calendar.getTimeZone().getID()
                    + calendar.getFirstDayOfWeek()
                    + calendar.isLenient();
        }
        if (object instanceof java.util.regex.Pattern pattern) {
            return pattern.pattern() + pattern.flags();
        }
        if (object instanceof java.util.Date date) {
            return date.getTime() + object.toString();
        }
        if (object.getClass() == Object.class) {
            return "";
        }
        return object instanceof CharSequence || BoxContent.isValue(object) || !(object instanceof Serializable)
                ? object.toString()
                : digestOf(object);
    }

    private static boolean isPrimitive(Object array) {
        return array.getClass().getComponentType().isPrimitive();
    }

    /** What Java serialization says of it: many classes have no words for themselves. */
    private static String digestOf(Object object) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(JavaCopy.canonicalBytes(object));
            return " " + HexFormat.of().formatHex(digest, 0, 8);
        } catch (IOException | GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void drawInside(Object object) {
        if (object.getClass().isArray() && Array.getLength(object) > LONG_ARRAY && isPrimitive(object)) {
            text.append(Array.getLength(object)).append(" elements ").append(digestOf(object));
        } else if (object.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(object); i++) {
                next(Array.get(object, i));
            }
        } else if (object instanceof Throwable throwable) {
            drawThrowable(throwable);
        } else if (object instanceof Optional<?> optional) {
            next(optional.orElse(null));
        } else if (object instanceof AtomicReference<?> reference) {
            next(reference.get());
        } else if (object instanceof Map.Entry<?, ?> entry) {
            next(entry.getKey());
            next(entry.getValue());
        } else if (object instanceof Map<?, ?> map) {
            drawMap(map);
        } else if (object instanceof Collection<?> collection) {
            drawCollection(collection);
        }
        drawFields(object);
    }

    private void drawThrowable(Throwable throwable) {
        text.append(throwable.getMessage());
        next(throwable.getCause());
        next(throwable.getSuppressed());
        for (StackTraceElement element : throwable.getStackTrace()) {
            text.append(element).append('|');
        }
    }

    private void drawMap(Map<?, ?> map) {
        List<Object[]> entries = new ArrayList<>();
        map.forEach((key, value) -> entries.add(new Object[] {key, value}));
        if (!(map instanceof SortedMap<?, ?> || map instanceof java.util.LinkedHashMap<?, ?>)) {
            entries.sort(java.util.Comparator.comparing(entry -> Picture.of(entry[0])));
        }
        for (Object[] entry : entries) {
            next(entry[0]);
            next(entry[1]);
        }
    }

    private void drawCollection(Collection<?> collection) {
        List<Object> elements = new ArrayList<>(collection);
        boolean ordered = !(collection instanceof Set<?> || collection instanceof PriorityQueue<?>)
                || collection instanceof SortedSet<?>
                || collection instanceof java.util.LinkedHashSet<?>;
        if (!ordered) {
            elements.sort(java.util.Comparator.comparing(Picture::of));
        }
        elements.forEach(this::next);
    }

    /** The fields that the classes of the application declare; those of the JDK are closed. */
    private void drawFields(Object object) {
        for (Class<?> level = object.getClass();
                level != null && !ClassLookup.isOfTheJdk(level) && !level.isArray();
                level = level.getSuperclass()) {
            List<Field> fields = new ArrayList<>();
            Collections.addAll(fields, level.getDeclaredFields());
            fields.sort(java.util.Comparator.comparing(Field::getName));
            for (Field field : fields) {
                if (!Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
                    text.append(field.getName()).append('=');
                    next(get(field, object));
                }
            }
        }
    }

    private static @Nullable Object get(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException closed) {
            throw new AssertionError(closed);
        }
    }

    private void next(@Nullable Object object) {
        draw(object);
        text.append(';');
    }
}
