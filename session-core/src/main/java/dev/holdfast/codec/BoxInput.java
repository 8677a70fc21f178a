package dev.holdfast.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Reads what {@link BoxOutput} wrote, with the classes of the web application. */
final class BoxInput extends ObjectInputStream {

    private final ClassLookup classes;
    private final @Nullable Object[] outside;

    private BoxInput(byte[] bytes, @Nullable Object[] outside, ClassLookup classes) throws IOException {
        super(new ByteArrayInputStream(bytes));
        this.classes = classes;
        this.outside = outside;
        setObjectInputFilter(new BoxFilter(bytes.length));
        enableResolveObject(outside.length > 0);
    }

    /**
     * Reads the one object that the bytes hold.
     *
     * @param outside the objects that the box refers to by number
     */
    static @Nullable Object read(byte[] bytes, @Nullable Object[] outside, ClassLookup classes)
            throws IOException, ClassNotFoundException {
        return new BoxInput(bytes, outside, classes).readObject();
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass descriptor) throws ClassNotFoundException {
        String name = descriptor.getName();
        // A container may hide our classes from the web application.
        return name.equals(Outside.class.getName()) ? Outside.class : classes.byName(name);
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaceNames) throws ClassNotFoundException {
        Class<?>[] interfaces = new Class<?>[interfaceNames.length];
        ClassLoader loader = classes.application();
        for (int i = 0; i < interfaces.length; i++) {
            interfaces[i] = classes.byName(interfaceNames[i]);
            if (!Modifier.isPublic(interfaces[i].getModifiers())) {
                loader = interfaces[i].getClassLoader();
            }
        }
        try {
            return Proxy.newProxyInstance(loader, interfaces, (proxy, method, arguments) -> null)
                    .getClass();
        } catch (IllegalArgumentException noSuchProxy) {
            throw new ClassNotFoundException("a proxy of " + String.join(", ", interfaceNames), noSuchProxy);
        }
    }

    @Override
    protected @Nullable Object resolveObject(@Nullable Object object) throws IOException {
        if (!(object instanceof Outside reference)) {
            return object;
        }
        if (reference.index() < 0 || reference.index() >= outside.length) {
            throw new InvalidObjectException("a reference leads out of the box");
        }
        return outside[reference.index()];
    }
}
