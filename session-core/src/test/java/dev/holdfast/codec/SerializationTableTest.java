package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.io.Input;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The table of all cases in {@code docs/serialization.md}. Written anew by
 * {@code mvn test -pl session-core -am -Dtest=SerializationTableTest -Dholdfast.rewrite=true}.
 */
final class SerializationTableTest {

    private static final Path PAGE = Path.of("..", "docs", "serialization.md");
    private static final String BEGIN = "<!-- cases: begin (made by SerializationTableTest) -->\n";
    private static final String END = "<!-- cases: end -->\n";

    private final AttributeCodec codec = new KryoAttributeCodec(SerializationTableTest.class.getClassLoader());

    @Test
    void the_table_in_the_documentation_is_what_the_codec_does() throws Exception {
        String page = Files.readString(PAGE);
        String table = table();
        if (Boolean.getBoolean("holdfast.rewrite")) {
            Files.writeString(
                    PAGE,
                    page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
                            + table
                            + page.substring(page.indexOf(END)));
        }

        assertThat(Files.readString(PAGE))
                .as("Rewrite it with -Dholdfast.rewrite=true")
                .contains(BEGIN + table + END);
    }

    private String table() throws Exception {
        StringBuilder text = new StringBuilder();
        appendAll(text, Corpus.groups());
        appendAll(text, Corpus.beyondJava());
        return text.toString();
    }

    private void appendAll(StringBuilder text, Map<String, Map<String, Supplier<Object>>> groups) throws Exception {
        for (Map.Entry<String, Map<String, Supplier<Object>>> group : groups.entrySet()) {
            text.append("\n### ").append(group.getKey()).append("\n\n");
            text.append("| case | class | kept as | copy | Java serialization |\n|---|---|---|---|---|\n");
            for (Map.Entry<String, Supplier<Object>> entry : group.getValue().entrySet()) {
                append(text, entry.getKey(), entry.getValue().get());
            }
        }
        text.append('\n');
    }

    private void append(StringBuilder text, String name, Object original) throws Exception {
        byte[] bytes = codec.encode(original);
        Object copy = codec.decode(bytes);
        String java = inJava(original, copy);
        boolean equal = Comparison.isEqual(original, copy);
        text.append("| ").append(name);
        text.append(" | `").append(nameOf(original)).append('`');
        text.append(" | ").append(form(bytes));
        text.append(" | ").append(equal ? "equal" : "as Java serialization makes it");
        text.append(" | ").append(java).append(" |\n");
    }

    private static String inJava(Object original, Object copy) throws IOException, ClassNotFoundException {
        try {
            Object javaCopy = JavaCopy.of(original);
            return Picture.of(javaCopy).equals(Picture.of(copy)) ? "the same" : "another";
        } catch (NotSerializableException refused) {
            return "refuses it";
        }
    }

    private static String nameOf(Object object) {
        String name = object.getClass().getTypeName();
        if (object.getClass().isHidden()) {
            return name.substring(0, name.indexOf("$$")) + " (a lambda)";
        }
        return java.lang.reflect.Proxy.isProxyClass(object.getClass())
                ? "java.lang.reflect.Proxy"
                : name.replaceFirst("\\$HibernateProxy.*", "\\$HibernateProxy");
    }

    private static String form(byte[] bytes) {
        Envelope envelope = Envelope.open(bytes);
        if (envelope.codec() == Envelope.JAVA) {
            return "Java serialization of the whole";
        }
        Input input = new Input(envelope.body());
        int code = input.readVarInt(true);
        if (code != 1) {
            return code - 2 == JdkTypes.BOX ? "Java serialization" : "a form of its own";
        }
        input.readVarInt(true);
        input.readString();
        return switch (Form.of(input.readByte())) {
            case FIELDS -> "its fields";
            case RECORD -> "its components";
            case ENUM -> "its name";
            case ARRAY -> "its elements";
        };
    }
}
