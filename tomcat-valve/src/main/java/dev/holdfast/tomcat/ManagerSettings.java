package dev.holdfast.tomcat;

import dev.holdfast.config.ParsedSettings;
import dev.holdfast.config.SettingsParser;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.Globals;

/** The attributes of a {@code <Manager>} element that are ours, as they are written, until they are checked at the start. */
final class ManagerSettings {

    /** What Tomcat's own setters take. One of them gets here only if its value has the wrong type. */
    private static final Set<String> TOMCAT_NAMES = Set.of(
            "className",
            "maxActiveSessions",
            "notifyAttributeListenerOnUnchangedValue",
            "notifyBindingListenerOnUnchangedValue",
            "persistAuthentication",
            "persistPasswords",
            "processExpiresFrequency",
            "secureRandomAlgorithm",
            "secureRandomClass",
            "secureRandomProvider",
            "sessionActivityCheck",
            "sessionAttributeNameFilter",
            "sessionAttributeValueClassNameFilter",
            "sessionLastAccessAtStart",
            "warnOnSessionAttributeFilterFailure");

    private final Map<String, String> attributes = new LinkedHashMap<>();

    void put(String name, String value) {
        attributes.put(name, value);
    }

    ParsedSettings parse(Context context) {
        return new SettingsParser(base(), System::getenv, TOMCAT_NAMES)
                .parse(attributes, applicationName(context), context.getWebappVersion());
    }

    /** What relative paths are relative to. */
    static Path base() {
        return Path.of(System.getProperty(Globals.CATALINA_BASE_PROP, "."));
    }

    /** The host and the name of the context with its version: what distinguishes applications of one Tomcat. */
    static String applicationName(Context context) {
        return context.getParent().getName() + (context.getName().startsWith("/") ? "" : "/") + context.getName();
    }
}
