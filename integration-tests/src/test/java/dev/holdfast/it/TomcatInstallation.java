package dev.holdfast.it;

import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a user has after the three steps of the README: an unpacked Tomcat, the jar in its {@code lib}, one line in its
 * {@code conf/context.xml}. It is a copy of the unpacked one, listens on a free port of the loopback interface, and runs
 * as {@code bin/catalina.sh run}.
 */
final class TomcatInstallation implements AutoCloseable {

    static final String OPERATOR = "operator";
    static final String OPERATOR_PASSWORD = "secret";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration MOST_STOP = Duration.ofSeconds(20);

    private final Directory directory = Directory.temporary();
    private final Path home = directory.path().resolve("tomcat");
    private final int port = FreePorts.next();
    private final Map<String, String> environment = new TreeMap<>();
    private ChildProcess process;
    private int starts;

    /**
     * Prepares one.
     *
     * @param managerLine what is added to {@code conf/context.xml}
     */
    TomcatInstallation(String managerLine) {
        try {
            copyDistribution();
            Files.copy(Path.of(System.getProperty("holdfast.test.jar")), home.resolve("lib/holdfast-tomcat.jar"));
            edit("conf/context.xml", "</Context>", managerLine + "\n</Context>");
            edit("conf/server.xml", "port=\"8005\" shutdown=", "port=\"-1\" shutdown=");
            edit("conf/server.xml", "Connector port=\"8080\"", "Connector address=\"127.0.0.1\" port=\"" + port + "\"");
            edit(
                    "conf/tomcat-users.xml",
                    "</tomcat-users>",
                    "<user username=\"" + OPERATOR + "\" password=\"" + OPERATOR_PASSWORD
                            + "\" roles=\"manager-gui,manager-script,manager-jmx\"/>\n</tomcat-users>");
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e instanceof IOException io ? new UncheckedIOException(io) : (RuntimeException) e;
        }
    }

    /** Adds something to {@code conf/server.xml}, inside of {@code GlobalNamingResources}. */
    TomcatInstallation globalResource(String element) {
        return edited("conf/server.xml", "</GlobalNamingResources>", element + "\n</GlobalNamingResources>");
    }

    /** Adds a line to {@code conf/context.xml}. */
    TomcatInstallation contextLine(String element) {
        return edited("conf/context.xml", "</Context>", element + "\n</Context>");
    }

    /** Has the manager application show the sessions of all nodes, as its {@code web.xml} tells how to. */
    TomcatInstallation showProxySessions() {
        return edited(
                "webapps/manager/WEB-INF/web.xml",
                "<servlet-class>org.apache.catalina.manager.HTMLManagerServlet</servlet-class>",
                "<servlet-class>org.apache.catalina.manager.HTMLManagerServlet</servlet-class>\n"
                        + "<init-param><param-name>showProxySessions</param-name><param-value>true</param-value></init-param>");
    }

    private TomcatInstallation edited(String file, String from, String to) {
        try {
            edit(file, from, to);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copyDistribution() throws IOException {
        Path distribution = Path.of(System.getProperty("holdfast.test.distribution"));
        for (String part : new String[] {"bin", "conf", "lib", "webapps/manager"}) {
            Files.createDirectories(home.resolve(part).getParent());
            Directory.copy(distribution.resolve(part), home.resolve(part));
        }
        Files.createDirectories(home.resolve("logs"));
        Files.createDirectories(home.resolve("temp"));
    }

    private void edit(String file, String from, String to) throws IOException {
        Path path = home.resolve(file);
        String text = Files.readString(path);
        if (!text.contains(from)) {
            throw new IllegalStateException(path + " does not contain " + from);
        }
        Files.writeString(path, text.replace(from, to));
    }

    /**
     * Adds a line to the host of {@code conf/server.xml}.
     *
     * @param line a {@code <Valve>}
     */
    TomcatInstallation hostValve(String line) {
        try {
            edit("conf/server.xml", "</Host>", line + "\n</Host>");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The directory of a web application that is deployed at the next start. */
    Path webApplication(String name) {
        return home.resolve("webapps").resolve(name);
    }

    /** Sets a variable of the environment in which it runs. */
    TomcatInstallation variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs it in a process of its own; to be followed by {@link #awaitStart()}. */
    TomcatInstallation start() {
        ProcessBuilder command = new ProcessBuilder("sh", "bin/catalina.sh", "run").directory(home.toFile());
        command.environment().keySet().removeIf(name -> name.startsWith("CATALINA_"));
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        command.environment().put("JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        command.environment().put("CLASSPATH", "");
        command.environment().putAll(environment);
        process = ChildProcess.start(command, directory.path().resolve("console-" + ++starts + ".log"));
        return this;
    }

    TomcatInstallation awaitStart() {
        await().atMost(START).until(() -> !process.isAlive() || process.output().contains("Server startup in"));
        if (!process.isAlive()) {
            throw new AssertionError("Tomcat did not start: " + process.output());
        }
        return this;
    }

    /**
     * SIGTERM, as from a service manager.
     *
     * @return how long it took to end
     */
    Duration stop() {
        long before = System.nanoTime();
        process.terminate(MOST_STOP);
        return Duration.ofNanos(System.nanoTime() - before);
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** What went to the console since the last start. */
    String console() {
        return process.output();
    }

    /** What is in {@code logs/catalina.<date>.log}. */
    String catalinaLog() {
        return log("catalina.");
    }

    /** What is in all files of {@code logs}. */
    String allLogs() {
        return log("");
    }

    private String log(String prefix) {
        try (Stream<Path> files = Files.list(home.resolve("logs"))) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                if (file.getFileName().toString().startsWith(prefix)) {
                    text.append(Files.readString(file));
                }
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        directory.close();
    }
}
