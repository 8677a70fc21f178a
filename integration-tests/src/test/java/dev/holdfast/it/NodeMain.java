package dev.holdfast.it;

import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.catalina.Context;

/** A Tomcat in a JVM of its own, started by {@link NodeProcess}. */
final class NodeMain {

    /** What it prints before its port when it is ready. */
    static final String READY = "Ready on port ";

    /** The system properties before anything of ours was loaded. */
    static final Properties PROPERTIES_AT_START =
            (Properties) System.getProperties().clone();

    private NodeMain() {}

    /**
     * Runs until standard input closes: so it does not outlive who has started it.
     *
     * @param arguments the URI of Redis, or nothing if a setting says it; the class that makes the application, and settings of the manager: name=value
     */
    public static void main(String[] arguments) throws Exception {
        Supplier<?> application = application(arguments[1]);
        TomcatNode.Builder builder = TomcatNode.builder().application("", (Application) application.get());
        if (!arguments[0].isEmpty()) {
            builder.redis(arguments[0]);
        }
        if (application instanceof Consumer<?>) {
            @SuppressWarnings("unchecked")
            Consumer<Context> customizer = (Consumer<Context>) application;
            builder.onContext(customizer);
        }
        for (int i = 2; i < arguments.length; i++) {
            String[] setting = arguments[i].split("=", 2);
            builder.setting(setting[0], setting[1]);
        }
        TomcatNode node = builder.start();
        System.out.println(READY + node.port() + ".");
        while (System.in.read() >= 0) {
            // Nobody says anything.
        }
        Runtime.getRuntime().halt(0);
    }

    private static Supplier<?> application(String className) throws ReflectiveOperationException {
        return Class.forName(className)
                .asSubclass(Supplier.class)
                .getDeclaredConstructor()
                .newInstance();
    }
}
