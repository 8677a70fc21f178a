package dev.holdfast.codec;

import java.util.regex.Pattern;

/**
 * One part of {@code allowedClasses}: a class ({@code com.shop.Cart}), the classes of a package ({@code com.shop.*}), of a
 * package and those below it ({@code com.shop.**}), or those whose names begin alike ({@code com.shop.Ca*}). With {@code !}
 * in front it refuses what it matches. The notation is that of the JDK's serial filters.
 */
record ClassPattern(String text, boolean allows, String prefix, Kind kind) {

    private static final Pattern FORM = Pattern.compile(
            "!?([\\p{javaJavaIdentifierPart}-]+\\.)*" + "([\\p{javaJavaIdentifierPart}-]+\\*?|\\*\\*?)");

    enum Kind {
        EXACT,
        PACKAGE,
        BELOW,
        PREFIX
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it has another form
     */
    static ClassPattern of(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not the name of a class, optionally with ! in front, or * or ** at the end");
        }
        String name = text.startsWith("!") ? text.substring(1) : text;
        boolean allows = name.length() == text.length();
        if (name.endsWith("**")) {
            return new ClassPattern(text, allows, name.substring(0, name.length() - 2), Kind.BELOW);
        }
        if (name.endsWith("*")) {
            String prefix = name.substring(0, name.length() - 1);
            return new ClassPattern(text, allows, prefix, prefix.endsWith(".") ? Kind.PACKAGE : Kind.PREFIX);
        }
        return new ClassPattern(text, allows, name, Kind.EXACT);
    }

    boolean matches(String className) {
        return switch (kind) {
            case EXACT -> className.equals(prefix);
            case PACKAGE -> className.startsWith(prefix) && className.indexOf('.', prefix.length()) < 0;
            case BELOW, PREFIX -> className.startsWith(prefix);
        };
    }
}
