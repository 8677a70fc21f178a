package dev.holdfast.codec;

/** Whether a copy is equal to its original. */
final class Comparison {

    private Comparison() {}

    static boolean isEqual(Object original, Object copy) {
        return saysEqual(original, copy) || Picture.of(copy).equals(Picture.of(original));
    }

    /** As the class sees it; some cannot tell, in a cycle or without their database. */
    private static boolean saysEqual(Object original, Object copy) {
        try {
            return original.equals(copy);
        } catch (RuntimeException | StackOverflowError cannotTell) {
            return false;
        }
    }
}
