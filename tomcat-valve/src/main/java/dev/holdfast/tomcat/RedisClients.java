package dev.holdfast.tomcat;

import dev.holdfast.SharedRedis;
import dev.holdfast.config.Settings;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.apache.catalina.Container;
import org.apache.catalina.Server;
import org.apache.catalina.Service;
import org.jspecify.annotations.Nullable;

/** Finds the Redis that settings speak of: one of the application's own, or a client that the server keeps for several. */
final class RedisClients {

    /** What the names begin with that an application sees; all others are those of the server. */
    private static final String NAMESPACE_OF_APPLICATION = "java:";

    private RedisClients() {}

    /**
     * The Redis to use.
     *
     * @param settings say which
     * @param container the web application, which is just starting on the calling thread, or another container of the
     *     server, which then has global names only
     * @throws IllegalStateException if there is no such client; the message says what to do
     */
    static SharedRedis of(Settings settings, Container container) {
        String name = settings.client();
        return name == null
                ? new SharedRedis(settings.connection())
                : find(name, container).redis(name);
    }

    @SuppressWarnings("BanJNDI") // the operator's own names, and no URL but java: gets here
    private static RedisClient find(String name, Container container) {
        Object found;
        try {
            found = name.startsWith(NAMESPACE_OF_APPLICATION)
                    ? new InitialContext().lookup(name)
                    : lookUpGlobally(name, container);
        } catch (NamingException | RuntimeException failed) {
            throw new IllegalStateException(
                    "HF-107 There is no Redis client " + name + ": " + reasonOf(failed) + ". " + whatToWrite(name));
        }
        if (found instanceof RedisClient client) {
            return client;
        }
        throw new IllegalStateException("HF-108 The resource " + name + " is not a Redis client of Holdfast but a "
                + (found == null ? null : found.getClass().getName()) + ". " + whatToWrite(name));
    }

    @SuppressWarnings("BanJNDI") // as above
    private static @Nullable Object lookUpGlobally(String name, Container container) throws NamingException {
        Service service = Container.getService(container);
        Server server = service == null ? null : service.getServer();
        if (server == null || server.getGlobalNamingContext() == null) {
            throw new NamingException("this server has no global names");
        }
        return server.getGlobalNamingContext().lookup(name);
    }

    private static String reasonOf(Throwable failed) {
        Throwable innermost = failed;
        for (int depth = 0; depth < 10 && innermost.getCause() != null; depth++) {
            innermost = innermost.getCause();
        }
        String message = String.valueOf(innermost.getMessage());
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    private static String whatToWrite(String name) {
        String type = "type=\"" + RedisClient.class.getName() + "\"";
        String plain = name.replaceFirst("^java:(comp/env/)?", "");
        String resource = "Write <Resource name=\"" + plain + "\" " + type + " factory=\""
                + RedisClientFactory.class.getName()
                + "\" redis=\"redis://localhost:6379\"/> into <GlobalNamingResources>"
                + " of conf/server.xml";
        return name.startsWith(NAMESPACE_OF_APPLICATION)
                ? resource + ", and <ResourceLink name=\"" + plain + "\" global=\"" + plain + "\" " + type
                        + "/> into the context.xml that has the <Manager>."
                : resource + ".";
    }
}
