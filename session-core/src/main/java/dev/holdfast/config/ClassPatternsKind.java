package dev.holdfast.config;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Patterns for names of classes, with a semicolon between them. */
final class ClassPatternsKind implements Kind<List<String>> {

    private static final Pattern FORM = Pattern.compile(
            "!?([\\p{javaJavaIdentifierPart}-]+\\.)*" + "([\\p{javaJavaIdentifierPart}-]+\\*?|\\*\\*?)");

    @Override
    public List<String> read(String text) {
        List<String> patterns = Arrays.stream(text.split("[;,]", -1))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .toList();
        check(patterns);
        return patterns;
    }

    @Override
    public void check(List<String> value) {
        for (String pattern : value) {
            if (!FORM.matcher(pattern).matches()) {
                throw BadValueException.because(Masking.shown(pattern) + " is no pattern for names of classes");
            }
        }
    }

    @Override
    public String write(List<String> value) {
        return String.join(";", value);
    }

    @Override
    public String allowed() {
        return "names of classes with ; between them, each a class (com.shop.Cart), the classes of a package (com.shop.*),"
                + " also of those below (com.shop.**), or with the same beginning (com.shop.Ca*), with ! in front to"
                + " refuse";
    }
}
