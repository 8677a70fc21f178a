/**
 * The use cases that adapters call: find, create, commit, change the id, invalidate; and the tracking of what a request
 * changes.
 *
 * <p>One {@link dev.holdfast.session.LiveSession} per session and node is shared by all requests that use it. What one
 * request changed is collected in a {@code ChangeSet} of its {@link dev.holdfast.session.RequestScope} until {@link
 * dev.holdfast.session.RequestScope#commit} writes it.
 */
@NullMarked
package dev.holdfast.session;

import org.jspecify.annotations.NullMarked;
