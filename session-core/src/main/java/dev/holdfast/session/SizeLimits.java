package dev.holdfast.session;

/**
 * How large attributes and sessions may be: as the store holds them, without what it adds itself.
 *
 * @param maxAttributeBytes of one attribute, in bytes; 0 for no limit
 * @param maxSessionBytes of all attributes of a session together, in bytes; 0 for no limit
 * @param rejects whether what goes beyond stays on its node, and is not only told
 */
public record SizeLimits(long maxAttributeBytes, long maxSessionBytes, boolean rejects) {

    /** No limit. */
    public static final SizeLimits NONE = new SizeLimits(0, 0, false);

    /** @throws IllegalArgumentException if a limit is negative */
    public SizeLimits {
        if (maxAttributeBytes < 0 || maxSessionBytes < 0) {
            throw new IllegalArgumentException("A limit is negative: " + maxAttributeBytes + ", " + maxSessionBytes);
        }
    }
}
