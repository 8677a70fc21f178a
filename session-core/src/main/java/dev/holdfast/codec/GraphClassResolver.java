package dev.holdfast.codec;

import com.esotericsoftware.kryo.ClassResolver;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Util;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes which class an object is of: 0 for null; a number plus 2 for types that have one; else 1 and the place of the
 * class among those of this graph. The first time, the class follows: its name, its form, and its fields if it has some.
 *
 * <p>So whoever reads the bytes can tell where each object ends, also without having its class. Nothing is remembered from
 * one graph to the next.
 */
@SuppressWarnings("rawtypes") // Kryo's interface
final class GraphClassResolver implements ClassResolver {

    private static final int NULL = 0;
    private static final int BY_NAME = 1;
    private static final int FIRST_NUMBER = 2;

    private final TypeForms forms;
    private final GraphReferences references;
    private final Map<Integer, Registration> byNumber = new HashMap<>();
    private final Map<Class<?>, Registration> primitives = new HashMap<>();
    private final Map<Class<?>, Integer> written = new HashMap<>();
    private final List<Registration> read = new ArrayList<>();

    GraphClassResolver(TypeForms forms, GraphReferences references) {
        this.forms = forms;
        this.references = references;
        forms.numbered().forEach(registration -> byNumber.put(registration.getId(), registration));
    }

    @Override
    public void setKryo(Kryo kryo) {
        // Everything that is needed comes as an argument.
    }

    /** Called by Kryo's constructor for primitives and strings. */
    @Override
    public Registration register(Registration registration) {
        byNumber.put(registration.getId(), registration);
        primitives.put(registration.getType(), registration);
        primitives.put(Util.getWrapperClass(registration.getType()), registration);
        return registration;
    }

    @Override
    public @Nullable Registration unregister(int number) {
        throw new UnsupportedOperationException("Numbers are part of the format");
    }

    @Override
    public Registration registerImplicit(Class type) {
        return forms.of(type).registration();
    }

    @Override
    public @Nullable Registration getRegistration(Class type) {
        return primitives.get(type);
    }

    @Override
    public @Nullable Registration getRegistration(int number) {
        return byNumber.get(number);
    }

    @Override
    public @Nullable Registration writeClass(Output output, @Nullable Class type) {
        if (type == null) {
            output.writeVarInt(NULL, true);
            return null;
        }
        Registration primitive = primitives.get(type);
        TypeForm form = primitive == null ? forms.of(type) : TypeForm.numbered(primitive);
        Registration registration = form.registration();
        if (form.form() == null) {
            output.writeVarInt(registration.getId() + FIRST_NUMBER, true);
        } else {
            output.writeVarInt(BY_NAME, true);
            writeName(output, registration.getType(), form);
        }
        return registration;
    }

    private void writeName(Output output, Class<?> type, TypeForm form) {
        Integer place = written.get(type);
        if (place != null) {
            output.writeVarInt(place, true);
            return;
        }
        output.writeVarInt(written.size(), true);
        written.put(type, written.size());
        output.writeString(type.getName());
        Form code = form.form();
        if (code != null) {
            output.writeByte(code.code());
        }
        Layout layout = form.layout();
        if (layout != null) {
            layout.write(output);
        }
    }

    @Override
    public @Nullable Registration readClass(Input input) {
        int code = input.readVarInt(true);
        if (code == NULL) {
            return null;
        }
        if (code == BY_NAME) {
            return readName(input);
        }
        Registration registration = byNumber.get(code - FIRST_NUMBER);
        if (registration == null) {
            throw new GraphException("type number " + (code - FIRST_NUMBER)
                    + " is not known here; a newer node may have written it, or the bytes are damaged");
        }
        forms.check(registration);
        return registration;
    }

    private Registration readName(Input input) {
        int place = input.readVarInt(true);
        if (place < 0 || place > read.size()) {
            throw new GraphException("the bytes are damaged: a class is named that was not introduced");
        }
        if (place == read.size()) {
            String name = input.readString();
            read.add(readIntroduced(name, Form.of(input.readByte()), input));
        }
        Registration registration = read.get(place);
        if (registration.getSerializer() instanceof Lost.Reader lost && !references.isSkipping()) {
            throw new UnknownClass(lost.className(), null);
        }
        return registration;
    }

    private Registration readIntroduced(String name, Form form, Input input) {
        try {
            return forms.read(name, form, input);
        } catch (UnknownClass gone) {
            if (!references.isSkipping()) {
                throw gone;
            }
            Layout layout = form.hasSlots() ? Layout.EMPTY.read(input) : Layout.EMPTY;
            // Kryo writes no references to constants of enums: its like must be one.
            Class<?> like = form == Form.ENUM ? Form.class : Lost.class;
            return new Registration(like, new Lost.Reader(name, form, layout), TypeForm.BY_NAME);
        }
    }

    @Override
    public void reset() {
        written.clear();
        read.clear();
    }
}
