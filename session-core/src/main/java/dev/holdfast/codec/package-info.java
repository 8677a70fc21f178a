/** Objects to bytes and back: the envelope, Kryo, and the rules of what may be read. */
@NullMarked
package dev.holdfast.codec;

import org.jspecify.annotations.NullMarked;
