package dev.holdfast.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes within bounds, written with its unit. */
final class ByteSizeKind implements Kind<Long> {

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})(KiB|MiB|GiB)");
    private static final long KIB = 1024;

    private final long least;
    private final long most;

    /**
     * @param least as it is written
     * @param most as it is written
     */
    ByteSizeKind(String least, String most) {
        this.least = bytes(least);
        this.most = bytes(most);
    }

    @Override
    public Long read(String text) {
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
        if (value < least) {
            throw BadValueException.write(write(least), "it is too small");
        }
        if (value > most) {
            throw BadValueException.write(write(most), "it is too large");
        }
    }

    @Override
    public String write(Long value) {
        for (String name : new String[] {"GiB", "MiB"}) {
            if (value % unit(name) == 0) {
                return value / unit(name) + name;
            }
        }
        return value / KIB + "KiB";
    }

    @Override
    public String allowed() {
        return write(least) + " to " + write(most);
    }
}
