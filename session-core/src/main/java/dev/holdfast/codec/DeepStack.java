package dev.holdfast.codec;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs what needs more stack than a request thread has. What one node has encoded another must be able to decode, however
 * much of its stack the application has used up by then, and whether its code is compiled yet or not.
 *
 * <p>The thread lives for one call. It has the caller's context class loader, but not its thread-locals.
 */
final class DeepStack {

    /** How deep objects may be nested. The stack has room for several times as much. */
    static final int MAX_DEPTH = 10_000;

    private static final long STACK_BYTES = 64L << 20;

    private DeepStack() {}

    /** The result of a task that ran on a deep stack; what the task throws is thrown here. */
    static <T> T call(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(null, future, "holdfast-deep-graph", STACK_BYTES, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        return await(future);
    }

    /** Waits through interrupts: the task is short, and half a session is of no use. */
    private static <T> T await(FutureTask<T> future) throws Exception {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException wantsToStop) {
                    interrupted = true;
                } catch (ExecutionException failure) {
                    throw causeOf(failure);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Exception causeOf(ExecutionException failure) {
        if (failure.getCause() instanceof Error error) {
            throw error;
        }
        return failure.getCause() instanceof Exception exception ? exception : failure;
    }
}
