package example.spec;

import example.probe.Journal;
import example.probe.Journal.Topic;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;

/** An attribute that wants to know when it is one. */
public final class BoundValue implements HttpSessionBindingListener, Serializable {

    private static final long serialVersionUID = 1L;

    private final String text;

    BoundValue(String text) {
        this.text = text;
    }

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
        note(event, "valueBound", String.valueOf(event.getSession().getAttribute(event.getName())));
    }

    /** When the session has ended, its attributes cannot be read any more. */
    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        String readable;
        try {
            readable = String.valueOf(event.getSession().getAttribute(event.getName()));
        } catch (IllegalStateException ended) {
            readable = "ended";
        }
        note(event, "valueUnbound", readable);
    }

    private void note(HttpSessionBindingEvent event, String what, String readable) {
        Journal.note(
                event.getSession().getServletContext(),
                Topic.BINDING,
                what + " " + text + " as " + event.getName() + ", readable: " + readable);
    }

    @Override
    public String toString() {
        return text;
    }
}
