package dev.holdfast.tomcat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.juli.logging.Log;

/** Tells operators of logins that other nodes cannot make use of, once for each class that is to blame. Thread-safe. */
final class KeptHere implements SharedLogin.UnsharedReport {

    private final Log log;
    private final String what;
    private final String remedy;
    private final Set<String> classesToldOf = ConcurrentHashMap.newKeySet();

    /**
     * @param what the code and what happens, with %s for the name of the class
     * @param remedy what can be done about the class; no full stop
     */
    KeptHere(Log log, String what, String remedy) {
        this.log = log;
        this.what = what;
        this.remedy = remedy;
    }

    @Override
    public void unshared(Object kept, String reason) {
        String className = kept.getClass().getName();
        if (classesToldOf.add(className)) {
            log.warn(what.formatted(className) + ": " + reason
                    + ". Requests work here; other nodes ask the user to log in" + " again. " + remedy
                    + ", or have the realm make another principal. Told once per class.");
        }
    }
}
