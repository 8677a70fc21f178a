package dev.holdfast.session;

import java.util.function.Supplier;

/** Requests as a container makes them: on one thread, and over when all is written. */
public final class Requests {

    private Requests() {}

    /** One from begin to end. */
    public static <T> T request(SessionRepository node, Supplier<T> application) {
        RequestScope scope = new RequestScope(node);
        try {
            return in(scope, application);
        } finally {
            end(scope);
        }
    }

    /** A part of one. */
    public static <T> T in(RequestScope scope, Supplier<T> application) {
        RequestScope previous = scope.enter();
        try {
            return application.get();
        } finally {
            RequestScope.exit(previous);
        }
    }

    public static void end(RequestScope scope) {
        scope.finish();
        scope.commitAndUnlock();
        scope.close();
    }
}
