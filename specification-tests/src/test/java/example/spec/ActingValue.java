package example.spec;

import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;

/** An attribute that changes its session when it is bound and unbound. */
public final class ActingValue implements HttpSessionBindingListener, Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
        event.getSession().setAttribute("with." + event.getName(), "bound");
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        event.getSession().removeAttribute("with." + event.getName());
    }

    @Override
    public String toString() {
        return "acting";
    }
}
