package dev.holdfast.codec;

/**
 * What a codec could not read since it was made.
 *
 * @param unreadable attributes that are damaged, of an unknown format, or of a class that is not known or does not fit
 * @param refused attributes that name a class that is refused
 * @param audited how often a class was read that would have been refused
 */
public record DecodingCounts(long unreadable, long refused, long audited) {}
