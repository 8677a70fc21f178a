package dev.holdfast.benchmarks.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jboss.marshalling.Marshaller;
import org.jboss.marshalling.MarshallerFactory;
import org.jboss.marshalling.Marshalling;
import org.jboss.marshalling.MarshallingConfiguration;
import org.jboss.marshalling.Unmarshaller;

/** What the clustering of WildFly was built on for years. */
final class JbossCodec implements Codec {

    private final MarshallerFactory factory = Marshalling.getProvidedMarshallerFactory("river");
    private final MarshallingConfiguration configuration = new MarshallingConfiguration();

    @Override
    public byte[] encode(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Marshaller marshaller = factory.createMarshaller(configuration)) {
            marshaller.start(Marshalling.createByteOutput(bytes));
            marshaller.writeObject(value);
            marshaller.finish();
        }
        return bytes.toByteArray();
    }

    @Override
    public Object decode(byte[] bytes) throws IOException, ClassNotFoundException {
        try (Unmarshaller unmarshaller = factory.createUnmarshaller(configuration)) {
            unmarshaller.start(Marshalling.createByteInput(ByteBuffer.wrap(bytes)));
            Object value = unmarshaller.readObject();
            unmarshaller.finish();
            return value;
        }
    }
}
