package dev.holdfast.tomcat;

import dev.holdfast.session.AttributeFilter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.catalina.session.Constants;
import org.apache.catalina.session.ManagerBase;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's own filters of session attributes, by name and by class, as they were when the application started. Thread-safe.
 */
final class AttributeFilters implements AttributeFilter {

    private static final int MOST_TOLD = 1000;

    private final Log log = LogFactory.getLog(AttributeFilters.class);
    private final ManagerBase manager;
    private final @Nullable Pattern names;
    private final @Nullable Pattern classNames;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    AttributeFilters(ManagerBase manager) {
        this.manager = manager;
        this.names = compiled(manager.getSessionAttributeNameFilter());
        this.classNames = compiled(manager.getSessionAttributeValueClassNameFilter());
    }

    private static @Nullable Pattern compiled(@Nullable String filter) {
        return filter == null ? null : Pattern.compile(filter);
    }

    @Override
    public boolean mayLeave(String name, Object value) {
        return !Constants.excludedAttributeNames.contains(name) && manager.willAttributeDistribute(name, value);
    }

    @Override
    public boolean mayEnter(String name) {
        return names == null || names.matcher(name).matches();
    }

    @Override
    public void refusedName(String name) {
        tellOnce(
                name,
                "HF-320 Redis holds a session attribute \"" + name + "\", which sessionAttributeNameFilter=\"" + names
                        + "\" refuses.");
    }

    @Override
    public boolean mayBeLoaded(String className) {
        return classNames == null || classNames.matcher(className).matches();
    }

    @Override
    public void refusedClass(String name, String reason) {
        tellOnce(
                name,
                "HF-321 The session attribute \"" + name
                        + "\" is not read, because sessionAttributeValueClassNameFilter=\"" + classNames
                        + "\" refuses a class: " + reason + ".");
    }

    private void tellOnce(String name, String what) {
        boolean warns = manager.getWarnOnSessionAttributeFilterFailure();
        if (!warns && !log.isDebugEnabled()) {
            return;
        }
        if (told.size() < MOST_TOLD && told.add(name)) {
            String message =
                    what + " The application sees no such attribute on this node; it stays in Redis as it is. Use"
                            + " the same filters on all nodes. Told once per attribute name.";
            if (warns) {
                log.warn(message);
            } else {
                log.debug(message);
            }
        }
    }
}
