package dev.holdfast.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** The common types of java.time; the rare ones go into boxes. Numbers 80 to 99. */
final class TimeTypes {

    private final NumberedTypes types;

    TimeTypes(NumberedTypes types) {
        this.types = types;
    }

    void addAll() {
        types.addValue(80, Instant.class, TimeTypes::writeInstant, TimeTypes::readInstant);
        types.addValue(
                81,
                LocalDate.class,
                (out, date) -> out.writeVarLong(date.toEpochDay(), false),
                in -> LocalDate.ofEpochDay(in.readVarLong(false)));
        types.addValue(
                82,
                LocalTime.class,
                (out, time) -> out.writeVarLong(time.toNanoOfDay(), true),
                in -> LocalTime.ofNanoOfDay(in.readVarLong(true)));
        types.addValue(83, LocalDateTime.class, TimeTypes::writeDateTime, TimeTypes::readDateTime);
        types.addValue(84, Duration.class, TimeTypes::writeDuration, TimeTypes::readDuration);
        types.addValue(85, Period.class, TimeTypes::writePeriod, TimeTypes::readPeriod);
        types.addValue(86, OffsetDateTime.class, TimeTypes::writeOffsetDateTime, TimeTypes::readOffsetDateTime);
        types.addValue(87, ZonedDateTime.class, TimeTypes::writeZonedDateTime, TimeTypes::readZonedDateTime);
        types.addValue(88, ZoneOffset.class, TimeTypes::writeOffset, TimeTypes::readOffset);
        Registration zone = types.addValue(
                89, ZoneId.class, (out, id) -> out.writeString(id.getId()), in -> ZoneId.of(in.readString()));
        types.addAlias(ZoneId.of("UTC").getClass(), zone);
    }

    private static void writeInstant(Output output, Instant instant) {
        output.writeVarLong(instant.getEpochSecond(), false);
        output.writeVarInt(instant.getNano(), true);
    }

    private static Instant readInstant(Input input) {
        return Instant.ofEpochSecond(input.readVarLong(false), input.readVarInt(true));
    }

    private static void writeDateTime(Output output, LocalDateTime dateTime) {
        output.writeVarLong(dateTime.toLocalDate().toEpochDay(), false);
        output.writeVarLong(dateTime.toLocalTime().toNanoOfDay(), true);
    }

    private static LocalDateTime readDateTime(Input input) {
        LocalDate date = LocalDate.ofEpochDay(input.readVarLong(false));
        return LocalDateTime.of(date, LocalTime.ofNanoOfDay(input.readVarLong(true)));
    }

    private static void writeDuration(Output output, Duration duration) {
        output.writeVarLong(duration.getSeconds(), false);
        output.writeVarInt(duration.getNano(), true);
    }

    private static Duration readDuration(Input input) {
        return Duration.ofSeconds(input.readVarLong(false), input.readVarInt(true));
    }

    private static void writePeriod(Output output, Period period) {
        output.writeVarInt(period.getYears(), false);
        output.writeVarInt(period.getMonths(), false);
        output.writeVarInt(period.getDays(), false);
    }

    private static Period readPeriod(Input input) {
        return Period.of(input.readVarInt(false), input.readVarInt(false), input.readVarInt(false));
    }

    private static void writeOffset(Output output, ZoneOffset offset) {
        output.writeVarInt(offset.getTotalSeconds(), false);
    }

    private static ZoneOffset readOffset(Input input) {
        return ZoneOffset.ofTotalSeconds(input.readVarInt(false));
    }

    private static void writeOffsetDateTime(Output output, OffsetDateTime dateTime) {
        writeDateTime(output, dateTime.toLocalDateTime());
        writeOffset(output, dateTime.getOffset());
    }

    private static OffsetDateTime readOffsetDateTime(Input input) {
        return OffsetDateTime.of(readDateTime(input), readOffset(input));
    }

    private static void writeZonedDateTime(Output output, ZonedDateTime dateTime) {
        writeDateTime(output, dateTime.toLocalDateTime());
        writeOffset(output, dateTime.getOffset());
        output.writeString(dateTime.getZone().getId());
    }

    /** With its offset: when clocks are set back, a local time comes twice. */
    private static ZonedDateTime readZonedDateTime(Input input) {
        LocalDateTime dateTime = readDateTime(input);
        ZoneOffset offset = readOffset(input);
        return ZonedDateTime.ofInstant(dateTime, offset, ZoneId.of(input.readString()));
    }
}
