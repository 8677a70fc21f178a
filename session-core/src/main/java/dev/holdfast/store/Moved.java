package dev.holdfast.store;

import dev.holdfast.model.SessionId;

/**
 * The session got another id while a request was running under the old one; nothing was done. Repeat the call with the
 * new id.
 *
 * @param newId the id that carries the session now
 */
public record Moved(SessionId newId) implements Committed, Reconciled, Removed, Renamed, LockAnswer {}
