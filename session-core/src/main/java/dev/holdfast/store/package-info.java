/**
 * The port behind which sessions are kept. It carries bytes only and knows nothing of objects, containers or Redis.
 *
 * <p>Two things are never merged here: an <em>outcome</em> is what the store said, an {@linkplain
 * dev.holdfast.store.StoreException exception} means that the store did not say anything.
 */
@NullMarked
package dev.holdfast.store;

import org.jspecify.annotations.NullMarked;
