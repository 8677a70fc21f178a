/** The end of life of sessions whose time is over, in bounded batches, shared between nodes. */
@NullMarked
package dev.holdfast.expiry;

import org.jspecify.annotations.NullMarked;
