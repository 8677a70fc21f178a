package dev.holdfast.config;

/** What becomes of session attributes that name a class which neither the application has nor the operator allows. */
public enum Deserialization {
    /** They are not read. */
    ENFORCE,
    /** They are read, and told about; save for classes that are known from attacks. */
    AUDIT
}
