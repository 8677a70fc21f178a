package dev.holdfast.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat with the application that is measured: what a node process runs. Ends when its standard input ends. */
final class NodeMain {

    /** What it prints before its port when it is ready. */
    static final String READY = "READY ";

    private NodeMain() {}

    /**
     * Runs until whoever started it closes the standard input, or dies.
     *
     * @param arguments the kind of manager, the URI of Redis
     */
    public static void main(String[] arguments) throws Exception {
        Path base = Files.createTempDirectory("holdfast-benchmark");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.setHostname("localhost");
        tomcat.getEngine().setBackgroundProcessorDelay(10);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", base.toString());
        context.setManager(ManagerKind.valueOf(arguments[0]).create(arguments[1]));
        context.addApplicationListener(EndCounter.class.getName());
        Tomcat.addServlet(context, "main", new MeasuredServlet());
        context.addServletMappingDecoded("/*", "main");
        tomcat.start();
        System.out.println(READY + tomcat.getConnector().getLocalPort());
        while (System.in.read() >= 0) {
            // Waits for the end.
        }
        tomcat.stop();
        tomcat.destroy();
        Files.deleteIfExists(base.resolve("work").resolve("Tomcat").resolve("localhost"));
    }
}
