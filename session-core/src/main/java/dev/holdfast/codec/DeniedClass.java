package dev.holdfast.codec;

/** A class that {@link ClassRules} refuse, somewhere in a graph of objects. */
final class DeniedClass extends GraphException {

    private static final long serialVersionUID = 1L;

    private final String className;
    private final boolean dangerous;

    DeniedClass(String className, boolean dangerous) {
        super("class " + className + " is refused: "
                + (dangerous
                        ? "it is known from attacks that need nothing but bytes"
                        : "it is neither of the application, nor in allowedClasses"));
        this.className = className;
        this.dangerous = dangerous;
    }

    String className() {
        return className;
    }

    boolean isDangerous() {
        return dangerous;
    }
}
