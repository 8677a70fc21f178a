package dev.holdfast.config;

import java.util.regex.Pattern;

/** A whole number within bounds. */
final class WholeNumberKind implements Kind<Integer> {

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,9}");

    private final int least;
    private final int most;

    WholeNumberKind(int least, int most) {
        this.least = least;
        this.most = most;
    }

    @Override
    public Integer read(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw BadValueException.because("it is not a whole number");
        }
        Integer value = Integer.valueOf(text);
        check(value);
        return value;
    }

    @Override
    public void check(Integer value) {
        if (value < least) {
            throw BadValueException.write(write(least), "it is too small");
        }
        if (value > most) {
            throw BadValueException.write(write(most), "it is too large");
        }
    }

    @Override
    public String write(Integer value) {
        return value.toString();
    }

    @Override
    public String allowed() {
        return least + " to " + most;
    }
}
