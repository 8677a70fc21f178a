package dev.holdfast.codec;

import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;

/** The types of java.sql, if the runtime has that module: an image may be linked without. Numbers 100 to 109. */
final class SqlTypes {

    private final NumberedTypes types;

    SqlTypes(NumberedTypes types) {
        this.types = types;
    }

    void addAll() {
        if (ModuleLayer.boot().findModule("java.sql").isPresent()) {
            Types.addTo(types);
        }
    }

    /** Apart, so that it is only loaded when its types are there. */
    private static final class Types {

        private Types() {}

        static void addTo(NumberedTypes types) {
            types.addValue(
                    100,
                    Timestamp.class,
                    (out, timestamp) -> {
                        out.writeLong(timestamp.getTime());
                        out.writeVarInt(timestamp.getNanos(), true);
                    },
                    in -> {
                        Timestamp timestamp = new Timestamp(in.readLong());
                        timestamp.setNanos(in.readVarInt(true));
                        return timestamp;
                    });
            types.addValue(
                    101, Date.class, (out, date) -> out.writeLong(date.getTime()), in -> new Date(in.readLong()));
            types.addValue(
                    102, Time.class, (out, time) -> out.writeLong(time.getTime()), in -> new Time(in.readLong()));
        }
    }
}
