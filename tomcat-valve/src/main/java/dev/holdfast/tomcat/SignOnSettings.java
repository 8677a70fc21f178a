package dev.holdfast.tomcat;

import dev.holdfast.config.InvalidSettingsException;
import dev.holdfast.config.ParsedSettings;
import dev.holdfast.config.SettingsParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Container;
import org.apache.catalina.Globals;

/** The attributes of the {@code <Valve>} of single sign-on that are ours, as written, until they are checked at the start. */
final class SignOnSettings {

    /** What setters take. */
    private static final Set<String> OTHER_NAMES = Set.of(
            "asyncSupported",
            "className",
            "cookieDomain",
            "cookieName",
            "requireReauthentication",
            "storePassword",
            "throwOnFailure");

    /** What matters to sessions only. Harmless in a file that both use, a mistake as an attribute of the valve. */
    private static final Set<String> OF_SESSIONS = Set.of(
            "consistency",
            "fingerprint",
            "fingerprintPrefix",
            "journalFile",
            "localIdleTimeout",
            "lock",
            "lockLease",
            "lockTimeout",
            "onLockTimeout",
            "partitions",
            "shutdownTimeout",
            "sweepInterval",
            "sweepLease",
            "touchInterval",
            "write");

    private final Map<String, String> attributes = new LinkedHashMap<>();

    void put(String name, String value) {
        attributes.put(name, value);
    }

    /** @throws InvalidSettingsException if anything is wrong; it lists all problems */
    ParsedSettings parse(Container container) {
        Path base = Path.of(System.getProperty(Globals.CATALINA_BASE_PROP, "."));
        ParsedSettings parsed =
                new SettingsParser(base, System::getenv, OTHER_NAMES).parse(attributes, container.getName());
        List<String> warnings = new ArrayList<>(parsed.warnings());
        attributes.keySet().stream()
                .filter(OF_SESSIONS::contains)
                .map(name ->
                        "HF-507 " + name + " has no effect on single sign-on: it is a setting of <Manager>. Take it"
                                + " out of the <Valve>")
                .forEach(warnings::add);
        return new ParsedSettings(parsed.settings(), warnings);
    }
}
