package dev.holdfast.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/**
 * Stands for an object whose class is gone, as long as nobody needs it: it was in a field that is gone, too. It never gets
 * into an object that the application sees.
 *
 * @param className the class that is gone
 */
record Lost(String className) {

    /** Reads past objects of such a class. */
    static final class Reader extends Serializer<Object> {

        private final String className;
        private final Form form;
        private final Layout layout;

        Reader(String className, Form form, Layout layout) {
            this.className = className;
            this.form = form;
            this.layout = layout;
        }

        String className() {
            return className;
        }

        @Override
        public void write(Kryo kryo, Output output, Object object) {
            throw new IllegalStateException("What is lost cannot be written");
        }

        @Override
        public Object read(Kryo kryo, Input input, Class<?> type) {
            Lost lost = ((GraphReferences) kryo.getReferenceResolver()).lose(className);
            if (form != Form.ENUM) {
                kryo.reference(lost);
            }
            switch (form) {
                case ENUM -> input.readString();
                case ARRAY -> Children.readAll(kryo, input, Object[].class);
                case FIELDS, RECORD -> layout.slots().forEach(slot -> slot.read(kryo, input));
            }
            return lost;
        }
    }
}
