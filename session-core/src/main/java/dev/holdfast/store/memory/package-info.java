/** Sessions in the memory of one process: what a store means, without a server. */
@NullMarked
package dev.holdfast.store.memory;

import org.jspecify.annotations.NullMarked;
