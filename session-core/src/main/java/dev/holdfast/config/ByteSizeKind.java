package dev.holdfast.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes within bounds, written with its unit; where it is a limit that there need not be, 0 is written as off. */
final class ByteSizeKind implements Kind<Long> {

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})(KiB|MiB|GiB)");
    private static final long KIB = 1024;
    private static final String OFF = "off";

    private final long least;
    private final long most;
    private final boolean mayBeOff;

    /**
     * @param least as it is written
     * @param most as it is written
     */
    ByteSizeKind(String least, String most) {
        this(least, most, false);
    }

    private ByteSizeKind(String least, String most, boolean mayBeOff) {
        this.least = bytes(least);
        this.most = bytes(most);
        this.mayBeOff = mayBeOff;
    }

    /** The same for what may be switched off, by the number 0. */
    static ByteSizeKind orOff(String least, String most) {
        return new ByteSizeKind(least, most, true);
    }

    @Override
    public Long read(String text) {
        if (mayBeOff && text.equals(OFF)) {
            return 0L;
        }
        Long value = bytes(text);
        check(value);
        return value;
    }

    private static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw BadValueException.because("it is not a number with a unit: KiB, MiB or GiB");
        }
        return Long.parseLong(matcher.group(1)) * unit(matcher.group(2));
    }

    private static long unit(String name) {
        return switch (name) {
            case "KiB" -> KIB;
            case "MiB" -> KIB * KIB;
            default -> KIB * KIB * KIB;
        };
    }

    @Override
    public void check(Long value) {
        if (mayBeOff && value == 0) {
            return;
        }
        if (value < least) {
            throw BadValueException.write(write(least), "it is too small");
        }
        if (value > most) {
            throw BadValueException.write(write(most), "it is too large");
        }
    }

    @Override
    public String write(Long value) {
        if (mayBeOff && value == 0) {
            return OFF;
        }
        for (String name : new String[] {"GiB", "MiB"}) {
            if (value % unit(name) == 0) {
                return value / unit(name) + name;
            }
        }
        return value / KIB + "KiB";
    }

    @Override
    public String allowed() {
        return write(least) + " to " + write(most) + (mayBeOff ? ", " + OFF : "");
    }
}
