package dev.holdfast.it;

import java.util.Properties;
import java.util.function.Supplier;

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
     * @param arguments the URI of Redis, and the class that makes the application
     */
    public static void main(String[] arguments) throws Exception {
        TomcatNode node = TomcatNode.start(arguments[0], application(arguments[1]));
        System.out.println(READY + node.port() + ".");
        while (System.in.read() >= 0) {
            // Nobody says anything.
        }
        Runtime.getRuntime().halt(0);
    }

    private static Application application(String className) throws ReflectiveOperationException {
        return (Application) Class.forName(className)
                .asSubclass(Supplier.class)
                .getDeclaredConstructor()
                .newInstance()
                .get();
    }
}
