package org.apache.coyote;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener when bytes of a response are about to leave.
 *
 * <p>It stands between the response and its connector, where everything passes that reaches the client: flushed and
 * closed streams, full buffers, redirects, error pages, empty responses, and the completion of asynchronous requests, on
 * HTTP/1.1, HTTP/2 and AJP alike. The listener runs on the thread that writes. What it throws is its own fault and must
 * not happen: it would break the response.
 *
 * <p>One hook belongs to one response at a time; connectors reuse responses, so a hook that was left behind by a broken
 * request is found and used again. Not thread-safe beyond what a response is: one writer at a time.
 */
public final class HoldfastResponseHook implements ActionHook, OutputBuffer {

    private final ActionHook hook;
    private final OutputBuffer output;
    private @Nullable Listener listener;
    private boolean writing;

    private HoldfastResponseHook(ActionHook hook, OutputBuffer output) {
        this.hook = hook;
        this.output = output;
    }

    /**
     * Starts to tell.
     *
     * @param response the response of the connector
     * @param listener who is told, until {@link #uninstall}
     */
    public static void install(Response response, Listener listener) {
        if (response.hook instanceof HoldfastResponseHook present && response.outputBuffer == present) {
            Listener before = present.listener;
            present.listener = listener;
            if (before != null && before != listener) {
                before.abandoned();
            }
            return;
        }
        HoldfastResponseHook installed = new HoldfastResponseHook(response.hook, response.outputBuffer);
        installed.listener = listener;
        response.setHook(installed);
        response.setOutputBuffer(installed);
    }

    /** Stops to tell this listener, and leaves the response as it was before {@link #install}. */
    public static void uninstall(Response response, Listener listener) {
        if (response.hook instanceof HoldfastResponseHook present && present.listener == listener) {
            present.listener = null;
            response.setHook(present.hook);
            if (response.outputBuffer == present) {
                response.setOutputBuffer(present.output);
            }
        }
    }

    @Override
    public void action(ActionCode actionCode, Object param) {
        Listener told = listener;
        if (told == null || writing) {
            // A connector that writes the first part of a body sends the headers by itself: the listener knows.
            hook.action(actionCode, param);
            return;
        }
        switch (actionCode) {
            case COMMIT, CLIENT_FLUSH -> told.beforeFlush();
            case CLOSE -> told.beforeClose();
            default -> {
                // Nothing leaves.
            }
        }
        hook.action(actionCode, param);
    }

    @Override
    public int doWrite(ByteBuffer chunk) throws IOException {
        Listener told = listener;
        if (told != null) {
            told.beforeWrite();
        }
        writing = true;
        try {
            return output.doWrite(chunk);
        } finally {
            writing = false;
        }
    }

    @Override
    public long getBytesWritten() {
        return output.getBytesWritten();
    }

    /** Hears of a response. */
    public interface Listener {

        /** Headers, or what was buffered, are about to be sent. */
        void beforeFlush();

        /** A part of the body is about to be sent; the headers are, or go with it. */
        void beforeWrite();

        /** The response is about to be completed; its last bytes, and perhaps its first, are about to be sent. */
        void beforeClose();

        /** The response is used for another request, although this one was never closed. */
        void abandoned();
    }
}
