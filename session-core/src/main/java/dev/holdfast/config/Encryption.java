package dev.holdfast.config;

/** What becomes of session content on its way to Redis. */
public enum Encryption {
    /** It is stored as it is. What is encrypted already is read, if its key is there. */
    OFF,
    /** It is encrypted. What is not yet encrypted is read, too. */
    MIGRATE,
    /** It is encrypted. What is not encrypted is refused. */
    ON
}
