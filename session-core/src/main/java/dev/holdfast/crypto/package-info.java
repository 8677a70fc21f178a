/**
 * Encryption of what leaves this node. It knows nothing of sessions or of Redis: bytes, a {@link dev.holdfast.crypto.Place}
 * that they belong to, and keys. Nothing in here shows a key or what was encrypted.
 */
@NullMarked
package dev.holdfast.crypto;

import org.jspecify.annotations.NullMarked;
