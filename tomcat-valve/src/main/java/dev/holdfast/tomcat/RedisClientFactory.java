package dev.holdfast.tomcat;

import dev.holdfast.SharedRedis;
import dev.holdfast.config.InvalidSettingsException;
import dev.holdfast.config.ParsedConnection;
import dev.holdfast.config.SettingsParser;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.RefAddr;
import javax.naming.Reference;
import javax.naming.spi.ObjectFactory;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link RedisClient} of a {@code <Resource>} in {@code <GlobalNamingResources>} of {@code conf/server.xml}:
 *
 * <pre>{@code <Resource name="redis/sessions" type="dev.holdfast.tomcat.RedisClient"
 *           factory="dev.holdfast.tomcat.RedisClientFactory" redis="redis://localhost:6379"/>}</pre>
 *
 * <p>Attributes: {@code redis} or {@code redissonConfig}, {@code connectionPoolSize}, {@code connectTimeout}, {@code
 * operationTimeout}, {@code config}, as {@code docs/configuration.md} says. Nothing connects before an application uses
 * the client. Thread-safe.
 */
public final class RedisClientFactory implements ObjectFactory {

    /** What Tomcat itself understands of a resource. */
    private static final Set<String> TOMCAT_NAMES =
            Set.of("name", "type", "auth", "scope", "singleton", "description", "factory", "closeMethod");

    private final Log log = LogFactory.getLog(RedisClientFactory.class);

    /** Called by Tomcat. */
    public RedisClientFactory() {}

    /**
     * Makes a client of what stands in the resource. Wrong settings are told to who uses it.
     *
     * @param object the reference that stands for the resource
     * @param name its name
     * @param context not used
     * @param environment not used
     * @return the client; null if the object is not such a reference
     */
    @Override
    public @Nullable Object getObjectInstance(
            Object object, @Nullable Name name, @Nullable Context context, @Nullable Hashtable<?, ?> environment) {
        if (!(object instanceof Reference reference)) {
            return null;
        }
        String shownName = String.valueOf(name);
        Map<String, String> attributes = attributesOf(reference);
        if ("false".equals(attributes.get("singleton"))) {
            return RedisClient.unusable(
                    shownName,
                    "HF-109 The resource has singleton=\"false\", so that each application would get a Redis client of its"
                            + " own. Remove singleton.");
        }
        attributes.keySet().removeAll(TOMCAT_NAMES);
        try {
            ParsedConnection parsed = new SettingsParser(ManagerSettings.base(), System::getenv, TOMCAT_NAMES)
                    .parseConnection(attributes);
            parsed.warnings().forEach(log::warn);
            return RedisClient.of(shownName, new SharedRedis(parsed.settings()));
        } catch (InvalidSettingsException invalid) {
            return RedisClient.unusable(shownName, String.valueOf(invalid.getMessage()));
        }
    }

    private static Map<String, String> attributesOf(Reference reference) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Enumeration<RefAddr> all = reference.getAll();
        while (all.hasMoreElements()) {
            RefAddr attribute = all.nextElement();
            attributes.put(attribute.getType(), String.valueOf(attribute.getContent()));
        }
        return attributes;
    }
}
