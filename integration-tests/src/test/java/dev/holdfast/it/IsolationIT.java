package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.catalina.Context;
import org.junit.jupiter.api.Test;

/**
 * A web application that brings Redisson, netty, Kryo and slf4j in other versions than those inside our jar: each side
 * uses its own.
 */
class IsolationIT {

    private static final String SERVLET = "example.isolated.IsolatedServlet";

    /** Properties that Tomcat sets, and the JDK when it is first asked for the time zone. */
    private static final List<String> OF_OTHERS = List.of("catalina.", "java.naming.", "user.timezone");

    /** Tells what has become of the system properties since its JVM began. */
    static final class PropertiesReport implements Supplier<Application> {

        @Override
        public Application get() {
            return new Application().on("/changes", (request, response) -> {
                request.getSession().setAttribute("value", new Properties());
                for (String name : changedProperties(NodeMain.PROPERTIES_AT_START)) {
                    response.getWriter().println(name);
                }
            });
        }
    }

    private static TreeSet<String> changedProperties(Properties before) {
        Properties now = (Properties) System.getProperties().clone();
        TreeSet<String> changed = new TreeSet<>(now.stringPropertyNames());
        changed.addAll(before.stringPropertyNames());
        changed.removeIf(name -> String.valueOf(now.getProperty(name)).equals(before.getProperty(name)));
        return changed;
    }

    @Test
    void an_application_uses_its_own_versions_of_our_libraries_beside_ours() throws IOException {
        try (Directory directory = Directory.temporary();
                RedisServer redis = RedisServer.start();
                LogRecords log = new LogRecords()) {
            prepare(directory.path());
            try (TomcatNode a = TomcatNode.start(redis.uri(), new Application());
                    TomcatNode b = TomcatNode.start(redis.uri(), new Application())) {
                Context onA = a.deploy("/isolated", directory.path(), SERVLET, "/use");
                Context onB = b.deploy("/isolated", directory.path(), SERVLET, "/use");
                Browser browser = new Browser();
                for (int round = 1; round <= 4; round++) {
                    String report =
                            browser.get(round % 2 == 0 ? a : b, "/isolated/use?redis=redis://" + redis.address());
                    assertThat(report.lines())
                            .containsExactly(
                                    "session " + round,
                                    "redisson kept from redisson-3.27.2.jar own",
                                    "netty 4.1.107.Final from netty-common-4.1.107.Final.jar own",
                                    "kryo copied from kryo-5.5.0.jar own",
                                    "slf4j org.slf4j.impl.JDK14LoggerFactory from slf4j-api-1.7.36.jar own",
                                    "kryo.unsafe null");
                }
                a.undeploy(onA);
                b.undeploy(onB);
            }
            assertThat(log.with("A line of the application")).hasSize(4);
            assertThat(log.with("Sessions of localhost/isolated are kept in")).hasSize(2);
        }
    }

    @Test
    void no_system_property_stays_changed() {
        try (RedisServer redis = RedisServer.start();
                NodeProcess node = NodeProcess.start(redis, PropertiesReport.class)) {
            String changes = new Browser().get(node.url("/changes"));
            assertThat(changes.lines())
                    .isNotEmpty()
                    .allMatch(name -> OF_OTHERS.stream().anyMatch(name::startsWith));
        }
    }

    /** Puts the libraries into WEB-INF/lib, and compiles the servlet against them. */
    private static void prepare(Path application) throws IOException {
        Path libraries = application.resolve("WEB-INF/lib");
        Path classes = application.resolve("WEB-INF/classes");
        Files.createDirectories(classes);
        Directory.copy(Path.of(System.getProperty("holdfast.test.isolation")), libraries);
        Path source = application.resolve("WEB-INF/IsolatedServlet.java");
        try (InputStream text = IsolationIT.class.getResourceAsStream("/isolated/IsolatedServlet.java")) {
            Files.copy(text, source);
        }
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-classpath",
                        classPathWith(libraries),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(errors).isZero();
    }

    private static String classPathWith(Path libraries) throws IOException {
        StringBuilder classPath = new StringBuilder();
        try (Stream<Path> jars = Files.list(libraries)) {
            jars.forEach(jar -> classPath.append(jar).append(File.pathSeparator));
        }
        return classPath + System.getProperty("java.class.path");
    }
}
