package dev.holdfast.benchmarks.codec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a session is as bytes.
 *
 * @param values one for each attribute
 */
record EncodedSession(List<byte[]> values) {

    static EncodedSession of(SessionSize session, Codec codec) throws IOException {
        List<byte[]> values = new ArrayList<>();
        for (Object value : session.attributes().values()) {
            values.add(codec.encode(value));
        }
        return new EncodedSession(values);
    }

    /** Without names of attributes. */
    int bytes() {
        return values.stream().mapToInt(value -> value.length).sum();
    }
}
