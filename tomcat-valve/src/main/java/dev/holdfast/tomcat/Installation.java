package dev.holdfast.tomcat;

import org.apache.coyote.HoldfastResponseHook;
import org.apache.coyote.Response;

/** Checks that the jar lies where it can work. */
final class Installation {

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
}
