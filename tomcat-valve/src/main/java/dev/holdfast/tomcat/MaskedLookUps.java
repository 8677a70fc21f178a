package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import java.util.HashMap;
import org.apache.catalina.session.ManagerBase;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What JMX asks of a session that this node has a copy of. Tomcat's own look-ups write an id that they do not find into
 * the log; the session may well live on another node, and its id is a credential, so here it is masked.
 */
abstract class MaskedLookUps extends ManagerBase {

    private final Log log = LogFactory.getLog(MaskedLookUps.class);

    @Override
    public @Nullable String getSessionAttribute(String sessionId, String key) {
        return isHere(sessionId) ? super.getSessionAttribute(sessionId, key) : null;
    }

    @Override
    @SuppressWarnings("NonApiType") // Tomcat's signature
    public @Nullable HashMap<String, String> getSession(String sessionId) {
        return isHere(sessionId) ? super.getSession(sessionId) : null;
    }

    @Override
    public long getThisAccessedTimestamp(String sessionId) {
        return isHere(sessionId) ? super.getThisAccessedTimestamp(sessionId) : -1;
    }

    @Override
    public String getThisAccessedTime(String sessionId) {
        return isHere(sessionId) ? super.getThisAccessedTime(sessionId) : "";
    }

    @Override
    public long getLastAccessedTimestamp(String sessionId) {
        return isHere(sessionId) ? super.getLastAccessedTimestamp(sessionId) : -1;
    }

    @Override
    public String getLastAccessedTime(String sessionId) {
        return isHere(sessionId) ? super.getLastAccessedTime(sessionId) : "";
    }

    @Override
    public String getCreationTime(String sessionId) {
        return isHere(sessionId) ? super.getCreationTime(sessionId) : "";
    }

    @Override
    public long getCreationTimestamp(String sessionId) {
        return isHere(sessionId) ? super.getCreationTimestamp(sessionId) : -1;
    }

    private boolean isHere(String sessionId) {
        boolean here = sessions.containsKey(sessionId);
        if (!here) {
            log.info("This node has no copy of session " + SessionId.mask(sessionId));
        }
        return here;
    }
}
