package example.spec;

import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;

/** An attribute whose listener fails. */
public final class FailingValue implements HttpSessionBindingListener, Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
        throw new IllegalStateException("on purpose");
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        throw new IllegalStateException("on purpose");
    }

    @Override
    public String toString() {
        return "failing";
    }
}
