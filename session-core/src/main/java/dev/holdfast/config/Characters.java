package dev.holdfast.config;

/** Kinds of characters. */
final class Characters {

    private Characters() {}

    /** Neither a control character, nor a line separator, nor one that only changes how others are shown. */
    static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
