package dev.holdfast.codec;

import java.util.Map;
import java.util.Objects;

/**
 * How a codec reads and writes.
 *
 * @param filter the container's filter of class names
 * @param rules which classes bytes may name
 * @param classAliases what classes are called here that stand in the bytes under another name: stored name to name
 * @param writeFormat the format version that is written, {@link #OLDEST_FORMAT} to {@link #NEWEST_FORMAT}
 * @param compressionThreshold how many bytes an encoded attribute may have that is not compressed; 0 to compress none.
 *     What is read does not depend on it
 */
public record CodecOptions(
        ClassNameFilter filter,
        ClassRules rules,
        Map<String, String> classAliases,
        int writeFormat,
        int compressionThreshold) {

    /** The oldest format that is read and can be written. */
    public static final int OLDEST_FORMAT = Envelope.OLDEST_VERSION;

    /** The newest format, which is written by default. */
    public static final int NEWEST_FORMAT = Envelope.NEWEST_VERSION;

    /** Reads any class, writes the newest format, and compresses nothing. */
    public static final CodecOptions DEFAULTS =
            new CodecOptions(ClassNameFilter.ALL, ClassRules.NONE, Map.of(), NEWEST_FORMAT, 0);

    /** @throws IllegalArgumentException if the format is not known, or the threshold is negative */
    public CodecOptions {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(rules, "rules");
        classAliases = Map.copyOf(classAliases);
        if (writeFormat < OLDEST_FORMAT || writeFormat > NEWEST_FORMAT) {
            throw new IllegalArgumentException("Format " + writeFormat + " is not one that this Holdfast writes");
        }
        if (compressionThreshold < 0) {
            throw new IllegalArgumentException("There is no negative threshold: " + compressionThreshold);
        }
    }

    /** The same with another filter. */
    public CodecOptions withFilter(ClassNameFilter other) {
        return new CodecOptions(other, rules, classAliases, writeFormat, compressionThreshold);
    }

    /** The same with other rules. */
    public CodecOptions withRules(ClassRules other) {
        return new CodecOptions(filter, other, classAliases, writeFormat, compressionThreshold);
    }

    /** The same with other aliases. */
    public CodecOptions withClassAliases(Map<String, String> other) {
        return new CodecOptions(filter, rules, other, writeFormat, compressionThreshold);
    }

    /** The same with another format to write. */
    public CodecOptions withWriteFormat(int version) {
        return new CodecOptions(filter, rules, classAliases, version, compressionThreshold);
    }

    /** The same with another threshold for compression, in bytes; 0 to compress nothing. */
    public CodecOptions withCompressionThreshold(int bytes) {
        return new CodecOptions(filter, rules, classAliases, writeFormat, bytes);
    }
}
