package dev.holdfast.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Reads Java serialization with the classes of the web application, and within the bounds of a {@link BoxFilter}. */
final class JavaInput extends ObjectInputStream {

    private final ClassLookup classes;
    private final @Nullable IntFunction<Object> outside;
    private boolean inDescriptor;
    private String described = "";

    /**
     * Begins to read.
     *
     * @param outside finds the object that an {@link Outside} stands for; null if there are none in these bytes
     */
    JavaInput(InputStream bytes, BoxFilter filter, ClassLookup classes, @Nullable IntFunction<Object> outside)
            throws IOException {
        super(bytes);
        this.classes = classes;
        this.outside = outside;
        setObjectInputFilter(filter);
        enableResolveObject(outside != null);
    }

    /** The name of a class that is gone is what {@link Class#forName} says of it. */
    static UnknownClass unknown(ClassNotFoundException gone) {
        return new UnknownClass(String.valueOf(gone.getMessage()), gone);
    }

    /**
     * Reads what the bytes say of a class. If it has another name here, that one is put in the place of the old. If it does
     * not declare a version, it gets the one that it has today: a version that was computed from its members would make it
     * another class with each new method.
     */
    @Override
    protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
        inDescriptor = true;
        try {
            return super.readClassDescriptor();
        } finally {
            inDescriptor = false;
        }
    }

    @Override
    public String readUTF() throws IOException {
        String text = super.readUTF();
        if (!inDescriptor) {
            return text;
        }
        described = classes.today(text);
        return described;
    }

    @Override
    public long readLong() throws IOException {
        long number = super.readLong();
        if (!inDescriptor) {
            return number;
        }
        inDescriptor = false;
        return classes.versionOf(described, number);
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
        if (outside == null) {
            throw new InvalidObjectException("there is nothing outside");
        }
        return outside.apply(reference.number());
    }
}
