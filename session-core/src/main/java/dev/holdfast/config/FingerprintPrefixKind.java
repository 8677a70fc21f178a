package dev.holdfast.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two prefix lengths, that of IPv4 addresses and that of IPv6 addresses. */
final class FingerprintPrefixKind implements Kind<FingerprintPrefix> {

    private static final Pattern LENGTHS = Pattern.compile("([0-9]{1,3})/([0-9]{1,3})");

    @Override
    public FingerprintPrefix read(String text) {
        Matcher lengths = LENGTHS.matcher(text);
        if (!lengths.matches()) {
            throw BadValueException.because("it is not two whole numbers with a slash between them");
        }
        try {
            return new FingerprintPrefix(Integer.parseInt(lengths.group(1)), Integer.parseInt(lengths.group(2)));
        } catch (IllegalArgumentException outOfRange) {
            throw BadValueException.because(String.valueOf(outOfRange.getMessage()));
        }
    }

    @Override
    public void check(FingerprintPrefix value) {
        // It checks itself.
    }

    @Override
    public String write(FingerprintPrefix value) {
        return value.toString();
    }

    @Override
    public String allowed() {
        return "<IPv4>/<IPv6>, the bits of an address that count, 0 to 32 and 0 to 128; 0 for none";
    }
}
