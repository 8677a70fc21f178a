package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.session.LiveSession;
import dev.holdfast.session.SessionRepository;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.catalina.Session;
import org.jspecify.annotations.Nullable;

/**
 * The session objects of this node: which object of Tomcat's stands for which local copy. It is Tomcat's own map of the
 * manager, and these are its rules. Thread-safe.
 *
 * <ol>
 *   <li><em>One copy, one object.</em> Whoever looks for a session gets the same object, as long as the repository holds
 *       the copy: what only this node knows, such as notes and a login that is not shared, is in the object.
 *   <li><em>One id, several copies, one after the other.</em> A copy leaves and another one comes; a session ends, and a
 *       new one has its id. The object of the newer copy then takes the place of the older one, while requests may still
 *       hold the older one. So an object is taken out by its id <em>and</em> itself, lest it take its successor along.
 *       Tomcat takes out by the id alone: what it has taken too much is put back.
 *   <li><em>The repository says what there is.</em> An object in the map may be that of a copy that has left or ended, and
 *       a copy need not have an object. Nobody concludes from the map that a session lives, nor from its absence that
 *       there is none. Objects without a copy are taken out when somebody looks for them in vain, and now and then, when
 *       no request uses them any more.
 *   <li><em>Ids have no route</em>, so that a session keeps its place when a node with another route takes over. When an id
 *       changes, the object is put under the new one, which no client knows yet, before it leaves the old one.
 *   <li><em>An object made for listeners is not put in.</em> A session that ends here, or a copy that leaves, need never
 *       have had an object on this node; what its listeners get is for them alone.
 * </ol>
 *
 * <p>Locks: those of the map's entries. Under them no other lock is taken, nothing is asked of Redis, and no listener is
 * called.
 */
final class SessionObjects {

    private final RedisSessionManager manager;
    private final Map<String, Session> byId;
    private final Object countLock = new Object();

    /**
     * @param manager whose sessions they are
     * @param byId the manager's own map, which Tomcat reads, too
     */
    SessionObjects(RedisSessionManager manager, Map<String, Session> byId) {
        this.manager = manager;
        this.byId = byId;
    }

    /** The one object for a copy; made, if there is none. */
    HoldfastSession of(LiveSession copy) {
        Session session = byId.compute(copy.id().value(), (id, known) -> isOf(copy, known) ? known : newObject(copy));
        countActive();
        return (HoldfastSession) session;
    }

    /** The object for a copy, or else another one, which nobody will find. */
    HoldfastSession presentOrPassing(LiveSession copy) {
        HoldfastSession present = present(copy);
        return present == null ? newObject(copy) : present;
    }

    /** The object for a copy; null if there is none. */
    @Nullable
    HoldfastSession present(LiveSession copy) {
        return byId.get(copy.id().value()) instanceof HoldfastSession known && known.live() == copy ? known : null;
    }

    /** What stands under an id, whether its session lives or not; null if there is nothing. */
    @Nullable
    HoldfastSession standingUnder(SessionId id) {
        return (HoldfastSession) byId.get(id.value());
    }

    private static boolean isOf(LiveSession copy, @Nullable Session known) {
        return known instanceof HoldfastSession ours && ours.live() == copy;
    }

    private HoldfastSession newObject(LiveSession copy) {
        return new HoldfastSession(manager, copy);
    }

    /** Puts in the object of a new session. */
    void add(Session session) {
        byId.put(session.getId(), session);
        countActive();
    }

    private void countActive() {
        int active = manager.getActiveSessions();
        if (active > manager.getMaxActive()) {
            synchronized (countLock) {
                manager.setMaxActive(Math.max(active, manager.getMaxActive()));
            }
        }
    }

    /**
     * Takes an object out.
     *
     * @param removalOfTomcat counts it, and takes out whatever stands under its id
     */
    void remove(Session session, Runnable removalOfTomcat) {
        Session present = byId.get(session.getId());
        removalOfTomcat.run();
        remove(session);
        if (present != null && present != session) {
            // A new session has the id of one that ends.
            byId.putIfAbsent(present.getId(), present);
        }
    }

    private void remove(Session session) {
        byId.remove(session.getId(), session);
    }

    /** The session has a new id. */
    void moved(HoldfastSession session, SessionId newId, String oldId) {
        byId.put(newId.value(), session);
        byId.remove(oldId, session);
    }

    /** A copy has left this node. */
    void left(LiveSession copy) {
        HoldfastSession session = present(copy);
        if (session != null) {
            remove(session);
        }
    }

    /** There is no such session in Redis: an object is of use only to a new session, which is not there yet. */
    void foundNone(SessionId id, SessionRepository repository) {
        byId.computeIfPresent(id.value(), (key, present) -> repository.holds(liveOf(present)) ? present : null);
    }

    /** Takes out objects whose copies the repository no longer holds, save for those that requests use. */
    void dropForsaken(SessionRepository repository) {
        for (Session session : all()) {
            LiveSession live = liveOf(session);
            if (!repository.holds(live) && !live.isInUse()) {
                remove(session);
            }
        }
    }

    /** All objects: a snapshot. */
    List<HoldfastSession> all() {
        return byId.values().stream().map(HoldfastSession.class::cast).toList();
    }

    /** The ids of all objects: a view. */
    Set<String> ids() {
        return byId.keySet();
    }

    /** The ids of sessions that Redis does not know yet; a new set. */
    Set<String> unsavedIds() {
        return byId.values().stream()
                .filter(session -> !liveOf(session).isStored())
                .map(Session::getId)
                .collect(Collectors.toSet());
    }

    private static LiveSession liveOf(Session session) {
        return ((HoldfastSession) session).live();
    }

    void clear() {
        byId.clear();
    }
}
