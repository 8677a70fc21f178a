package dev.holdfast.it;

import dev.holdfast.testkit.FreePorts;
import dev.holdfast.tomcat.RedisSessionManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Host;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Server;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;

/** A real Tomcat in this JVM, on a free port of the loopback interface, that speaks HTTP/1.1 and h2c. */
final class TomcatNode implements Target, AutoCloseable {

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Tomcat tomcat = new Tomcat();
    private final Path base;
    private final int port;
    private final Builder builder;
    private final List<Context> contexts = new ArrayList<>();

    private TomcatNode(Builder builder) {
        this.builder = builder;
        try {
            base = Files.createTempDirectory("holdfast-tomcat");
            port = FreePorts.next();
            tomcat.setBaseDir(base.toString());
            tomcat.setPort(port);
            tomcat.setHostname("localhost");
            tomcat.getEngine().setName("node" + COUNTER.incrementAndGet());
            tomcat.getEngine().setJvmRoute(builder.route);
            Connector connector = tomcat.getConnector();
            connector.setProperty("address", "127.0.0.1");
            connector.addUpgradeProtocol(new Http2Protocol());
            connector.setAsyncTimeout(30_000);
            builder.onTomcat.accept(tomcat);
            for (ContextSpec spec : builder.contexts) {
                contexts.add(add(spec));
            }
            tomcat.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LifecycleException e) {
            giveUp();
            throw new IllegalStateException(e);
        }
    }

    /** What did start before something else did not. As Tomcat's own launcher does. */
    private void giveUp() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    private Context add(ContextSpec spec) {
        Context context = tomcat.addContext(spec.path, base.toString());
        context.setManager(newManager());
        Wrapper wrapper = Tomcat.addServlet(context, "actions", spec.application.servlet());
        wrapper.setAsyncSupported(true);
        context.addServletMappingDecoded("/*", "actions");
        builder.onContext.accept(context);
        return context;
    }

    private RedisSessionManager newManager() {
        RedisSessionManager manager = new RedisSessionManager();
        for (String[] setting : builder.settings) {
            manager.setProperty(setting[0], setting[1]);
        }
        builder.onManager.accept(manager);
        return manager;
    }

    /**
     * Deploys an exploded web application while the node runs. It has a class loader of its own, which looks into {@code
     * WEB-INF} before it asks its parent.
     */
    Context deploy(String path, Path directory, String servletClass, String... urlPatterns) {
        return deploy(path, directory, manager -> {}, servletClass, urlPatterns);
    }

    /** The same, with further settings of the manager. */
    Context deploy(
            String path,
            Path directory,
            Consumer<RedisSessionManager> onManager,
            String servletClass,
            String... urlPatterns) {
        RedisSessionManager manager = newManager();
        onManager.accept(manager);
        StandardContext context = new StandardContext();
        context.setName(path);
        context.setPath(path);
        context.setDocBase(directory.toString());
        context.addLifecycleListener(new Tomcat.FixContextListener());
        context.setManager(manager);
        Tomcat.addServlet(context, "main", servletClass);
        for (String urlPattern : urlPatterns) {
            context.addServletMappingDecoded(urlPattern, "main");
        }
        builder.onContext.accept(context);
        tomcat.getHost().addChild(context);
        return context;
    }

    /** A version of an application beside others of the same path, to be added to the host. */
    StandardContext version(String path, String version, Application application) {
        StandardContext context = new StandardContext();
        context.setName(path + "##" + version);
        context.setPath(path);
        context.setWebappVersion(version);
        context.setDocBase(base.toString());
        context.addLifecycleListener(new Tomcat.FixContextListener());
        context.setManager(newManager());
        Tomcat.addServlet(context, "actions", application.servlet());
        context.addServletMappingDecoded("/*", "actions");
        builder.onContext.accept(context);
        return context;
    }

    Host host() {
        return tomcat.getHost();
    }

    /** Stops a web application and forgets it. */
    void undeploy(Context context) {
        tomcat.getHost().removeChild(context);
    }

    static Builder builder() {
        return new Builder();
    }

    /** A node with one application at the root. */
    static TomcatNode start(String redisUri, Application application) {
        return builder().redis(redisUri).application("", application).start();
    }

    int port() {
        return port;
    }

    @Override
    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    Context context() {
        return contexts.get(0);
    }

    /** The context of a path that was there at the start. */
    Context context(String path) {
        return contexts.stream()
                .filter(context -> context.getPath().equals(path))
                .findFirst()
                .orElseThrow();
    }

    Server server() {
        return tomcat.getServer();
    }

    RedisSessionManager manager() {
        return (RedisSessionManager) context().getManager();
    }

    boolean isRunning() {
        return context().getState() == LifecycleState.STARTED;
    }

    /** Stops it. A second call does nothing. */
    @Override
    public void close() {
        if (tomcat.getServer().getState() == LifecycleState.DESTROYED) {
            return;
        }
        try {
            tomcat.stop();
            tomcat.destroy();
            try (Stream<Path> files = Files.walk(base)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record ContextSpec(String path, Application application) {}

    static final class Builder {

        private final List<ContextSpec> contexts = new ArrayList<>();
        private final List<String[]> settings = new ArrayList<>();
        private String route;
        private Consumer<Context> onContext = context -> {};
        private Consumer<RedisSessionManager> onManager = manager -> {};
        private Consumer<Tomcat> onTomcat = tomcat -> {};

        Builder redis(String uri) {
            return setting("redis", uri);
        }

        /** An attribute of the {@code <Manager>} element. */
        Builder setting(String name, String value) {
            settings.add(new String[] {name, value});
            return this;
        }

        /** What was set for the manager. */
        String redisUri() {
            return settings.stream()
                    .filter(setting -> setting[0].equals("redis"))
                    .map(setting -> setting[1])
                    .findFirst()
                    .orElseThrow();
        }

        Builder route(String jvmRoute) {
            route = jvmRoute;
            return this;
        }

        Builder application(String path, Application application) {
            contexts.add(new ContextSpec(path, application));
            return this;
        }

        /** Called for each context before it starts. */
        Builder onContext(Consumer<Context> customizer) {
            onContext = onContext.andThen(customizer);
            return this;
        }

        Builder onManager(Consumer<RedisSessionManager> customizer) {
            onManager = onManager.andThen(customizer);
            return this;
        }

        /** Called once, before there are any contexts. */
        Builder onTomcat(Consumer<Tomcat> customizer) {
            onTomcat = onTomcat.andThen(customizer);
            return this;
        }

        /** How far the clock of this node is ahead of the right time, or behind if it is negative. */
        Builder clockAheadBy(Duration difference) {
            InstantSource clock = InstantSource.offset(InstantSource.system(), difference);
            return onManager(manager -> manager.setClock(clock));
        }

        TomcatNode start() {
            return new TomcatNode(this);
        }
    }
}
