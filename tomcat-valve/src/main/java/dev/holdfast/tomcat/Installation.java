package dev.holdfast.tomcat;

import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Pipeline;
import org.apache.catalina.Valve;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.coyote.HoldfastResponseHook;
import org.apache.coyote.Response;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;

/** Checks, at a start, whether all is where it can work, and as it can work well; says why it cannot. */
final class Installation {

    private static final Log log = LogFactory.getLog(RedisSessionManager.class);

    private Installation() {}

    /**
     * One of our classes reaches into a package of Tomcat's, which the JVM allows only if the same class loader has
     * loaded both.
     *
     * @throws IllegalStateException if the jar belongs to a web application
     */
    static void check() {
        if (HoldfastResponseHook.class.getClassLoader() != Response.class.getClassLoader()) {
            throw new IllegalStateException("HF-101 The Holdfast jar was loaded by "
                    + HoldfastResponseHook.class.getClassLoader() + ", Tomcat by " + Response.class.getClassLoader()
                    + ". Put the jar into the lib directory of Tomcat, and take it out of WEB-INF/lib and of"
                    + " shared.loader.");
        }
    }

    /** Tells of a valve that uses sessions where ours does not reach. */
    static void warnOfEarlierValves(Pipeline pipeline, Valve ours) {
        Valve first = pipeline.getFirst();
        if (first != ours) {
            log.warn("HF-102 " + first.getClass().getName() + " stands before the session valve. What it does with"
                    + " sessions is written after the response, not before. Write the <Manager> element above the"
                    + " <Valve> elements.");
        }
    }

    /** Tells of a valve that finds out who the client is after we have asked. */
    static void warnOfLateRemoteIpValve(Pipeline pipeline) {
        if (Stream.of(pipeline.getValves()).anyMatch(RemoteIpValve.class::isInstance)) {
            log.warn(
                    "HF-252 The RemoteIpValve stands in a <Context>, where it comes too late for fingerprint: sessions are"
                            + " bound to the address of the proxy, so that all clients behind it count as one address. Write the"
                            + " <Valve> element into the <Host> or the <Engine>.");
        }
    }

    /** Tells of passwords that are kept, or not kept although that was asked for. */
    static void warnOfPasswords(RedisSessionManager manager) {
        if (manager.getPersistPasswords()) {
            log.warn(
                    manager.getPersistAuthentication()
                            ? "HF-110 persistPasswords is on: passwords of logins by form are kept in Redis, readable"
                                    + " for whoever can read Redis. It is needed only for a FormAuthenticator with"
                                    + " cache=\"false\"."
                            : "HF-110 persistPasswords has no effect without persistAuthentication=\"true\".");
        }
    }

    /**
     * Why a start fails. Of what has a code, the message says all.
     *
     * @param what fails, a sentence
     */
    static LifecycleException refused(String what, RuntimeException reason) {
        String message = what + ' ' + reason.getMessage();
        return message.contains("HF-") ? new LifecycleException(message) : new LifecycleException(message, reason);
    }
}
