package dev.holdfast.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** A length of time, as a whole number and its unit. */
final class DurationKind implements Kind<Duration> {

    private static final Pattern BARE_NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private enum Unit {
        MILLISECONDS("ms", Duration.ofMillis(1)),
        SECONDS("s", Duration.ofSeconds(1)),
        MINUTES("m", Duration.ofMinutes(1)),
        HOURS("h", Duration.ofHours(1)),
        DAYS("d", Duration.ofDays(1));

        private final String text;
        private final Duration length;

        Unit(String text, Duration length) {
            this.text = text;
            this.length = length;
        }
    }

    private final String leastText;
    private final String mostText;
    private final Duration least;
    private final Duration most;

    DurationKind(String leastText, String mostText) {
        this.leastText = leastText;
        this.mostText = mostText;
        this.least = parse(leastText);
        this.most = parse(mostText);
    }

    @Override
    public Duration read(String text) {
        if (BARE_NUMBER.matcher(text).matches()) {
            throw withoutUnit(text);
        }
        if (!NUMBER_AND_UNIT.matcher(text).matches()) {
            throw otherForm(text);
        }
        Duration value = parse(text);
        check(value);
        return value;
    }

    @Override
    public void check(Duration value) {
        if (value.compareTo(least) < 0) {
            throw BadValueException.write(leastText, "it is too short");
        }
        if (value.compareTo(most) > 0) {
            throw BadValueException.write(mostText, "it is too long");
        }
    }

    @Override
    public String write(Duration value) {
        if (value.isZero()) {
            return "0s";
        }
        String text = value.toString();
        for (Unit unit : Unit.values()) {
            long count = value.dividedBy(unit.length);
            if (value.equals(unit.length.multipliedBy(count))) {
                text = count + unit.text;
            }
        }
        return text;
    }

    @Override
    public String allowed() {
        return leastText + " to " + mostText + ", with one of the units ms, s, m, h, d";
    }

    /** The smallest unit that makes a bare number allowed is the likely one; but nobody writes 0 ms. */
    private BadValueException withoutUnit(String number) {
        String reason = "the unit is missing";
        for (Unit unit : Unit.values()) {
            Duration value = unit.length.multipliedBy(Long.parseLong(number));
            if (!value.isZero() && value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
                return BadValueException.write(number + unit.text, reason);
            }
        }
        return least.isZero() && Long.parseLong(number) == 0
                ? BadValueException.write(leastText, reason)
                : BadValueException.because(reason);
    }

    private static BadValueException otherForm(String text) {
        String reason = "it is not a whole number and a unit";
        String tidied = text.toLowerCase(Locale.ROOT).replace(" ", "");
        return NUMBER_AND_UNIT.matcher(tidied).matches()
                ? BadValueException.write(tidied, reason)
                : BadValueException.because(reason);
    }

    private static Duration parse(String text) {
        var matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException("Not a duration: " + text);
        }
        for (Unit unit : Unit.values()) {
            if (unit.text.equals(matcher.group(2))) {
                return unit.length.multipliedBy(Long.parseLong(matcher.group(1)));
            }
        }
        throw new IllegalStateException("Not a unit: " + text);
    }
}
