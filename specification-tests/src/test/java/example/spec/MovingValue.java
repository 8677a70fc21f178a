package example.spec;

import example.probe.Journal;
import example.probe.Journal.Topic;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.Serializable;

/** An attribute that wants to know when its session moves. */
public final class MovingValue implements HttpSessionActivationListener, Serializable {

    private static final long serialVersionUID = 1L;

    private final String text;

    /** A part that does not travel, and is made again. */
    private transient String resource;

    MovingValue(String text) {
        this.text = text;
        this.resource = "made";
    }

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
        note(event, "sessionWillPassivate");
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
        resource = "activated";
        note(event, "sessionDidActivate");
    }

    private void note(HttpSessionEvent event, String what) {
        Journal.note(event.getSession().getServletContext(), Topic.ACTIVATION, what + " " + text);
    }

    @Override
    public String toString() {
        return text + " " + resource;
    }
}
