package dev.holdfast.config;

/**
 * A setting as it was written.
 *
 * @param name as written
 * @param text as written, before anything is replaced in it
 * @param origin where it was written
 */
record RawSetting(String name, String text, Origin origin) {

    RawSetting withName(String otherName) {
        return new RawSetting(otherName, text, origin);
    }
}
