package dev.holdfast.store;

/**
 * The store has lost commits that the caller's copy knows, as when a replica became master before it had them. Nothing was
 * written; {@link SessionStore#restore} puts them back.
 */
public record Behind() implements Committed, Reconciled {}
