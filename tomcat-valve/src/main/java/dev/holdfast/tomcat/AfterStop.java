package dev.holdfast.tomcat;

import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.LifecycleState;
import org.jspecify.annotations.Nullable;

/**
 * Does something when a container has stopped. Tomcat stops the valves of a container before its children, whose last
 * requests still need what the valve has. Thread-safe.
 */
final class AfterStop implements LifecycleListener {

    private final Runnable step;

    /** @param step what to do; it may be done more than once */
    AfterStop(Runnable step) {
        this.step = step;
    }

    /**
     * Does it when the container has stopped: now, if it is not about to.
     *
     * @param container null if there is none any more: a valve that is removed loses it before it is stopped
     */
    void of(@Nullable Lifecycle container) {
        if (container != null) {
            // A stop that failed may have left it there.
            container.removeLifecycleListener(this);
            container.addLifecycleListener(this);
            // Looked at last, so that an end of the stop at this moment is not missed.
            if (isStopping(container.getState())) {
                return;
            }
            container.removeLifecycleListener(this);
        }
        step.run();
    }

    private static boolean isStopping(LifecycleState state) {
        return state == LifecycleState.STOPPING_PREP || state == LifecycleState.STOPPING;
    }

    @Override
    public void lifecycleEvent(LifecycleEvent event) {
        if (event.getType().equals(Lifecycle.AFTER_STOP_EVENT)) {
            event.getLifecycle().removeLifecycleListener(this);
            step.run();
        }
    }
}
