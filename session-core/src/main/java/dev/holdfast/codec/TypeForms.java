package dev.holdfast.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides how the objects of each class are written, once for all Kryo instances of an application. Thread-safe.
 *
 * <p>A class is taken apart field by field only if nothing is lost by it. Otherwise it goes into a box of Java
 * serialization: JDK classes, whose fields are closed; classes with hooks; collections and maps of the application's own,
 * whose elements belong to a JDK class above them. What cannot go there either is refused.
 *
 * <p>The form is written with the class, so that bytes can be read after the class has got or lost a hook.
 */
final class TypeForms {

    private final ClassLookup classes;
    private final List<Registration> numbered;
    private final Map<Class<?>, Registration> fixed;
    private final Registration box;
    private final Registration charset;
    private final Map<Class<?>, TypeForm> known = new ConcurrentHashMap<>();
    private final Map<Class<?>, Layout> layouts = new ConcurrentHashMap<>();
    private final NumberedNames names;

    TypeForms(ClassLookup classes) {
        this.classes = classes;
        NumberedTypes types = JdkTypes.of(classes);
        this.numbered = List.copyOf(types.registrations());
        this.fixed = numbered.stream().collect(Collectors.toMap(Registration::getType, Function.identity()));
        this.fixed.putAll(types.aliases());
        this.names = new NumberedNames(types, classes);
        this.box = numbered(JdkTypes.BOX);
        this.charset = fixed(Charset.class);
    }

    /** All types that have a number. */
    List<Registration> numbered() {
        return numbered;
    }

    private Registration numbered(int number) {
        return numbered.stream()
                .filter(registration -> registration.getId() == number)
                .findFirst()
                .orElseThrow();
    }

    private Registration fixed(Class<?> type) {
        Registration registration = fixed.get(type);
        if (registration == null) {
            throw new IllegalStateException(type + " has no number");
        }
        return registration;
    }

    /**
     * How objects of a class are written.
     *
     * @throws GraphException if they cannot be
     */
    TypeForm of(Class<?> type) {
        TypeForm form = known.get(type);
        if (form == null) {
            form = choose(type);
            if (!type.isHidden()) {
                // Hidden classes may come without end, each lambda being one.
                known.put(type, form);
            }
        }
        return form;
    }

    private TypeForm choose(Class<?> type) {
        Registration registration = fixed.get(type);
        if (registration != null) {
            return TypeForm.numbered(registration);
        }
        if (type.isArray()) {
            return named(type, Form.ARRAY);
        }
        if (Enum.class.isAssignableFrom(type)) {
            return named(enumOf(type), Form.ENUM);
        }
        if (Charset.class.isAssignableFrom(type)) {
            return TypeForm.numbered(charset);
        }
        return Serializable.class.isAssignableFrom(type) ? chooseForSerializable(type) : chooseForOther(type);
    }

    private TypeForm chooseForSerializable(Class<?> type) {
        boolean boxed = type.isHidden()
                || Proxy.isProxyClass(type)
                || ClassLookup.isOfTheJdk(type)
                || Throwable.class.isAssignableFrom(type)
                || Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || (type.isRecord() ? Hooks.replaces(type) : Hooks.areInHierarchyOf(type))
                || !layoutOf(type).makeAccessible();
        return boxed ? TypeForm.numbered(box) : byFields(type);
    }

    private TypeForm chooseForOther(Class<?> type) {
        String resource = Resources.kindOf(type);
        if (resource != null) {
            throw new GraphException(type.getTypeName() + " cannot be stored"
                    + (resource.equals(type.getName()) ? "" : ": it is a " + resource));
        }
        if (type.isHidden() || ClassLookup.isOfTheJdk(type)) {
            throw new GraphException(type.getTypeName() + " cannot be stored: it is not Serializable");
        }
        if (!layoutOf(type).makeAccessible()) {
            throw new GraphException(type.getTypeName()
                    + " cannot be stored: it is not Serializable, and its fields are not accessible");
        }
        return byFields(type);
    }

    private TypeForm byFields(Class<?> type) {
        return named(type, type.isRecord() ? Form.RECORD : Form.FIELDS);
    }

    private TypeForm named(Class<?> type, Form form) {
        Serializer<Object> serializer = switch (form) {
            case FIELDS -> new FieldsSerializer(Maker.of(type, classes.unfiltered()), layoutOf(type));
            case RECORD -> new RecordSerializer(type, layoutOf(type));
            case ENUM -> new EnumSerializer(type);
            case ARRAY -> new ArraySerializer(type.getComponentType());
        };
        return new TypeForm(
                new Registration(type, serializer, TypeForm.BY_NAME), form, form.hasSlots() ? layoutOf(type) : null);
    }

    private Layout layoutOf(Class<?> type) {
        return layouts.computeIfAbsent(type, Layout::of);
    }

    /** Constants with a body are of classes of their own. */
    private static Class<?> enumOf(Class<?> type) {
        return type.getSuperclass() == Enum.class ? type : type.getSuperclass();
    }

    /**
     * How objects that were written under a name are read: the class and its form stood in the bytes, and the layout, if
     * the form has one, comes next.
     *
     * @throws GraphException if the class is not known, or is not what it was
     */
    Registration read(String className, Form form, Input input) {
        Class<?> type = find(className);
        if (!fits(type, form)) {
            throw new GraphException(type.getTypeName() + " is of another kind than when it was stored");
        }
        TypeForm today = form(type, form);
        Layout layout = today.layout();
        if (layout == null) {
            return today.registration();
        }
        Layout stored = layout.read(input);
        return stored.equals(layout) ? today.registration() : adapted(today.registration(), stored);
    }

    /**
     * Asks the filter about a type that stood in the bytes as a number.
     *
     * @throws RefusedClass if it refuses it
     */
    void check(Registration numberedType) {
        names.check(numberedType);
    }

    private Class<?> find(String className) {
        try {
            return classes.byName(className);
        } catch (ClassNotFoundException unknown) {
            throw new UnknownClass(className, unknown);
        }
    }

    /** Today's form, or the stored one if the class would be written otherwise now. */
    private TypeForm form(Class<?> type, Form form) {
        TypeForm today = of(type);
        return today.form() == form ? today : named(type, form);
    }

    private boolean fits(Class<?> type, Form form) {
        return switch (form) {
            case ARRAY -> type.isArray() && !type.getComponentType().isPrimitive();
            case ENUM -> type.isEnum();
            case RECORD -> type.isRecord() && layoutOf(type).makeAccessible();
            case FIELDS -> isMadeOfFields(type);
        };
    }

    private boolean isMadeOfFields(Class<?> type) {
        return !type.isArray()
                && !type.isEnum()
                && !type.isRecord()
                && !type.isPrimitive()
                && !Modifier.isAbstract(type.getModifiers())
                && !ClassLookup.isOfTheJdk(type)
                && (Serializable.class.isAssignableFrom(type) || Resources.kindOf(type) == null)
                && layoutOf(type).makeAccessible();
    }

    private static Registration adapted(Registration today, Layout stored) {
        Serializer<?> serializer = today.getSerializer() instanceof RecordSerializer records
                ? records.withLayout(stored)
                : ((FieldsSerializer) today.getSerializer()).withLayout(stored);
        return new Registration(today.getType(), serializer, TypeForm.BY_NAME);
    }
}
