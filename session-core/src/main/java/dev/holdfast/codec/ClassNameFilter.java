package dev.holdfast.codec;

/** Says which classes may be made of bytes. Asked before a class is loaded; thread-safe. */
@FunctionalInterface
public interface ClassNameFilter {

    /** Refuses none. */
    ClassNameFilter ALL = className -> true;

    /**
     * Whether the bytes may name a class.
     *
     * @param className as {@link Class#getName()} gives it: {@code [Lcom.example.Cart;} for an array
     */
    boolean allows(String className);
}
