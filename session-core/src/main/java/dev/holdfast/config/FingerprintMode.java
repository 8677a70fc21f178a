package dev.holdfast.config;

/** What becomes of a request whose client is not the one that its session is bound to. */
public enum FingerprintMode {
    /** Sessions are not bound to their clients. */
    OFF,
    /** It gets the session; it is told about, and counted. */
    LOG,
    /** It does not get the session, which stays as it is for its owner. It is told about, and counted. */
    ENFORCE
}
