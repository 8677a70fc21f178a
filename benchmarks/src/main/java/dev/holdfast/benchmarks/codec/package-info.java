/** What it costs to write the attributes of a session as bytes and to read them again, beside other ways to do so. */
@NullMarked
package dev.holdfast.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
