package dev.holdfast.demo;

import dev.holdfast.tomcat.RedisSessionManager;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.http.Rfc6265CookieProcessor;
import org.jspecify.annotations.Nullable;

/** A Tomcat that can be stopped and started again. Each start makes a new one that knows nothing of the one before. */
final class Node {

    private final String name;
    private final int port;
    private final Path directory;
    private final String redisUri;
    private volatile @Nullable Tomcat tomcat;

    Node(String name, int port, Path directory, String redisUri) {
        this.name = name;
        this.port = port;
        this.directory = directory;
        this.redisUri = redisUri;
    }

    /** A or B. */
    String name() {
        return name;
    }

    /**
     * Where its page is.
     *
     * @param host a name of this machine; cookies are sent to all ports of the same name
     */
    String url(String host) {
        return "http://" + host + ":" + port + "/";
    }

    boolean isRunning() {
        return tomcat != null;
    }

    /**
     * Starts it, if it does not run.
     *
     * @throws IllegalStateException if Tomcat or the application does not start
     */
    synchronized void start(HttpServlet servlet) {
        if (isRunning()) {
            return;
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // New threads inherit this. Those of this node must not hold on to the application of the node that starts it.
        thread.setContextClassLoader(Node.class.getClassLoader());
        try {
            startNewTomcat(servlet);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void startNewTomcat(HttpServlet servlet) {
        Tomcat starting = new Tomcat();
        try {
            Files.createDirectories(directory);
            Context context = configure(starting, servlet);
            starting.start();
            if (context.getState() != LifecycleState.STARTED) {
                throw new IllegalStateException("The application on node " + name + " did not start; see the log");
            }
            tomcat = starting;
        } catch (IOException | LifecycleException e) {
            throw new IllegalStateException("Node " + name + " did not start: " + reason(e), e);
        } finally {
            if (!isRunning()) {
                end(starting);
            }
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    private Context configure(Tomcat starting, HttpServlet servlet) {
        starting.setBaseDir(directory.toString());
        starting.setHostname("localhost");
        starting.setPort(port);
        // The name under which JMX knows it: two of one name in one process would be in each other's way.
        starting.getEngine().setName("node" + name);
        // Inside Maven, the system class loader does not know the demo's classes.
        starting.getServer().setParentClassLoader(Node.class.getClassLoader());
        Connector connector = starting.getConnector();
        connector.setProperty("address", "127.0.0.1");
        connector.setThrowOnFailure(true);

        Context context = starting.addContext("", directory.toString());
        lookForNoLeaks((StandardContext) context);
        context.setManager(manager());
        setUpCookies(context);
        context.setRequestCharacterEncoding("UTF-8");
        Tomcat.addServlet(context, "demo", servlet);
        context.addServletMappingDecoded("/", "demo");
        return context;
    }

    /** These checks of Tomcat at its end need command line arguments that Maven does not have. */
    private static void lookForNoLeaks(StandardContext context) {
        context.setClearReferencesObjectStreamClassCaches(false);
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
    }

    /** All that there is to it: in a stock Tomcat this is one line in {@code conf/context.xml}. */
    private RedisSessionManager manager() {
        RedisSessionManager manager = new RedisSessionManager();
        manager.setRedis(redisUri);
        return manager;
    }

    private static void setUpCookies(Context context) {
        // A name of its own: cookies on localhost are sent to every port, also to those of other programs.
        context.setSessionCookieName("HOLDFAST_DEMO");
        Rfc6265CookieProcessor cookies = new Rfc6265CookieProcessor();
        cookies.setSameSiteCookies("strict");
        context.setCookieProcessor(cookies);
        context.addServletContainerInitializer(
                (classes, application) -> application.setSessionTrackingModes(Set.of(SessionTrackingMode.COOKIE)),
                Set.of());
    }

    /** Stops it, if it runs. Its port is free after that, and nothing of it is left in memory. */
    synchronized void stop() {
        Tomcat running = tomcat;
        tomcat = null;
        if (running != null) {
            end(running);
        }
    }

    private void end(Tomcat ending) {
        try {
            ending.stop();
            ending.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("Node " + name + " did not stop", e);
        }
    }
}
