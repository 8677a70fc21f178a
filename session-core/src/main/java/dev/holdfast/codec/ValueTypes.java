package dev.holdfast.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.BitSet;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Single values. Numbers 60 to 79, and from 110 on. */
@SuppressWarnings({"JdkObsolete", "JavaUtilDate"}) // old types are what old applications store
final class ValueTypes {

    private final NumberedTypes types;

    ValueTypes(NumberedTypes types) {
        this.types = types;
    }

    void addAll(ClassLookup classes, BoxSerializer box) {
        addImmutable(classes);
        addMutable();
        addText(box);
    }

    private void addImmutable(ClassLookup classes) {
        types.add(60, Class.class, new ClassSerializer(classes));
        types.addValue(
                61,
                BigInteger.class,
                (out, number) -> writeBytes(out, number.toByteArray()),
                in -> new BigInteger(readBytes(in)));
        types.addValue(
                62,
                BigDecimal.class,
                (out, number) -> {
                    out.writeVarInt(number.scale(), false);
                    writeBytes(out, number.unscaledValue().toByteArray());
                },
                in -> {
                    int scale = in.readVarInt(false);
                    return new BigDecimal(new BigInteger(readBytes(in)), scale);
                });
        types.addValue(
                63,
                UUID.class,
                (out, id) -> {
                    out.writeLong(id.getMostSignificantBits());
                    out.writeLong(id.getLeastSignificantBits());
                },
                in -> new UUID(in.readLong(), in.readLong()));
        types.addValue(64, URI.class, (out, uri) -> out.writeString(uri.toString()), in -> URI.create(in.readString()));
        types.addValue(
                65,
                Currency.class,
                (out, currency) -> out.writeString(currency.getCurrencyCode()),
                in -> Currency.getInstance(in.readString()));
        types.addValue(
                66,
                Charset.class,
                (out, charset) -> out.writeString(charset.name()),
                in -> Charset.forName(in.readString()));
        types.addValue(67, OptionalInt.class, ValueTypes::writeOptionalInt, ValueTypes::readOptionalInt);
        types.addValue(68, OptionalLong.class, ValueTypes::writeOptionalLong, ValueTypes::readOptionalLong);
        types.addValue(69, OptionalDouble.class, ValueTypes::writeOptionalDouble, ValueTypes::readOptionalDouble);
    }

    private void addMutable() {
        types.addValue(70, Date.class, (out, date) -> out.writeLong(date.getTime()), in -> new Date(in.readLong()));
        types.addValue(
                71,
                StringBuilder.class,
                (out, text) -> out.writeString(text.toString()),
                in -> new StringBuilder(in.readString()));
        types.addValue(
                72,
                StringBuffer.class,
                (out, text) -> out.writeString(text.toString()),
                in -> new StringBuffer(in.readString()));
        types.addValue(
                73,
                AtomicInteger.class,
                (out, number) -> out.writeVarInt(number.get(), false),
                in -> new AtomicInteger(in.readVarInt(false)));
        types.addValue(
                74,
                AtomicLong.class,
                (out, number) -> out.writeVarLong(number.get(), false),
                in -> new AtomicLong(in.readVarLong(false)));
        types.addValue(
                75,
                AtomicBoolean.class,
                (out, flag) -> out.writeBoolean(flag.get()),
                in -> new AtomicBoolean(in.readBoolean()));
        types.addGroup(76, new AtomicReferenceSerializer(), new AtomicReference<>());
        types.addValue(
                77,
                BitSet.class,
                (out, bits) -> writeBytes(out, bits.toByteArray()),
                in -> BitSet.valueOf(readBytes(in)));
        types.addValue(78, Object.class, (out, plain) -> {}, in -> new Object());
    }

    /** Their serialized forms are long: a time zone brings the history of its clock changes with it. */
    private void addText(BoxSerializer box) {
        types.add(
                110,
                Locale.class,
                new TextOrBoxSerializer<>(Locale.class, Locale::toLanguageTag, Locale::forLanguageTag, box));
        types.addGroup(
                111,
                new TextOrBoxSerializer<>(TimeZone.class, TimeZone::getID, TimeZone::getTimeZone, box),
                TimeZone.getTimeZone("UTC"));
    }

    private static void writeOptionalInt(Output output, OptionalInt optional) {
        output.writeBoolean(optional.isPresent());
        optional.ifPresent(number -> output.writeVarInt(number, false));
    }

    private static OptionalInt readOptionalInt(Input input) {
        return input.readBoolean() ? OptionalInt.of(input.readVarInt(false)) : OptionalInt.empty();
    }

    private static void writeOptionalLong(Output output, OptionalLong optional) {
        output.writeBoolean(optional.isPresent());
        optional.ifPresent(number -> output.writeVarLong(number, false));
    }

    private static OptionalLong readOptionalLong(Input input) {
        return input.readBoolean() ? OptionalLong.of(input.readVarLong(false)) : OptionalLong.empty();
    }

    private static void writeOptionalDouble(Output output, OptionalDouble optional) {
        output.writeBoolean(optional.isPresent());
        optional.ifPresent(output::writeDouble);
    }

    private static OptionalDouble readOptionalDouble(Input input) {
        return input.readBoolean() ? OptionalDouble.of(input.readDouble()) : OptionalDouble.empty();
    }

    private static void writeBytes(Output output, byte[] bytes) {
        length(output, bytes.length).writeBytes(bytes);
    }

    private static byte[] readBytes(Input input) {
        return input.readBytes(length(input));
    }

    private static Output length(Output output, int length) {
        output.writeVarInt(length, true);
        return output;
    }

    private static int length(Input input) {
        return input.readVarInt(true);
    }
}
