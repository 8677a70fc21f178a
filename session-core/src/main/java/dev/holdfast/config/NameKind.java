package dev.holdfast.config;

/** A name that becomes part of keys in Redis. */
final class NameKind implements Kind<String> {

    private final int maxLength;
    private final boolean spaces;

    /**
     * @param maxLength the longest name, in UTF-16 characters
     * @param spaces whether there may be spaces in it
     */
    NameKind(int maxLength, boolean spaces) {
        this.maxLength = maxLength;
        this.spaces = spaces;
    }

    @Override
    public String read(String text) {
        check(text);
        return text;
    }

    @Override
    public void check(String value) {
        if (value.isBlank()) {
            throw BadValueException.because("it is blank");
        }
        if (value.codePoints().anyMatch(character -> !isAllowed(character))) {
            throw BadValueException.write(tidied(value), "it has characters that are not allowed");
        }
        if (value.length() > maxLength) {
            throw BadValueException.because("it is too long");
        }
    }

    @Override
    public String write(String value) {
        return value;
    }

    @Override
    public String allowed() {
        return "1 to " + maxLength + " characters, no { } and no control characters" + (spaces ? "" : ", no spaces");
    }

    private String tidied(String value) {
        StringBuilder tidied = new StringBuilder();
        value.codePoints()
                .map(character -> isAllowed(character) ? character : '-')
                .forEach(tidied::appendCodePoint);
        return tidied.toString();
    }

    /** Braces mark the part of a key that decides on its slot in a cluster: a name must not move that mark. */
    private boolean isAllowed(int character) {
        return character != '{'
                && character != '}'
                && Characters.isPrintable(character)
                && (spaces || !isSpace(character));
    }

    private static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }
}
