package dev.holdfast.tomcat;

import dev.holdfast.config.FingerprintMode;
import dev.holdfast.config.FingerprintPrefix;
import dev.holdfast.model.SessionId;
import dev.holdfast.session.ClientBinding;
import dev.holdfast.session.ClientBinding.Difference;
import dev.holdfast.session.ContainerAttributes;
import dev.holdfast.session.Recurrence;
import dev.holdfast.tomcat.ClientOfRequest.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Binds the sessions of one application to their clients. The binding is part of the record of the session, so that it
 * comes with the look that every request makes, and is written with what the request writes. A session without one, made
 * before sessions were bound, is bound by the next request. Thread-safe.
 *
 * <p>A stranger is found out when the session is looked up, and the look itself counts as a use of it: that is why this node
 * looks at what it knows of the session first. Then the look for the stranger is one of the container's, which moves no
 * time and takes no lock.
 */
final class ClientBindings {

    /** Of an application that binds nothing. */
    static final ClientBindings NONE = new ClientBindings(FingerprintMode.OFF, new FingerprintPrefix(0, 0));

    private static final String BINDING = "client";

    private final Log log = LogFactory.getLog(RedisSessionManager.class);
    private final FingerprintMode mode;
    private final FingerprintPrefix prefix;
    private final AtomicLong mismatches = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();
    private final Recurrence mismatchTold = new Recurrence(System::nanoTime);
    private final Recurrence unreadableTold = new Recurrence(System::nanoTime);

    /** Clients of requests that have entered the application, for threads that a request has left it to. */
    private final Map<RequestBoundary, ClientOfRequest> underWay = Collections.synchronizedMap(new WeakHashMap<>());

    ClientBindings(FingerprintMode mode, FingerprintPrefix prefix) {
        this.mode = mode;
        this.prefix = prefix;
    }

    /** Whether sessions are bound at all; if not, nothing else of this is to be called for each request. */
    boolean areOn() {
        return mode != FingerprintMode.OFF;
    }

    /** How many requests have asked for a session of another client on this node. */
    long mismatches() {
        return mismatches.get();
    }

    /** How many requests have asked for a session that this node cannot tell the client of. */
    long unreadable() {
        return unreadable.get();
    }

    void entered(RequestBoundary boundary) {
        ClientOfRequest client = areOn() ? ClientOfRequest.current() : null;
        if (client != null) {
            underWay.put(boundary, client);
        }
    }

    void left(RequestBoundary boundary) {
        if (areOn()) {
            underWay.remove(boundary);
        }
    }

    /**
     * For whom the calling thread looks for a session. Empty: for the container or an operator, who may see all.
     *
     * @param requested the id as it was asked for, the same object
     */
    List<ClientOfRequest> askingFor(@Nullable String requested, SessionId id) {
        if (!areOn()) {
            return List.of();
        }
        ClientOfRequest current = ClientOfRequest.current();
        if (current != null) {
            return current.asksFor(id) ? List.of(current) : List.of();
        }
        // A thread of an asynchronous request tells nobody which one. Or the connector chooses among versions.
        List<ClientOfRequest> possible;
        synchronized (underWay) {
            possible = underWay.values().stream()
                    .filter(client -> client.asksFor(id))
                    .distinct()
                    .toList();
        }
        // But the request asks with its own copy of the id. Who asks with none of theirs may be any of them.
        List<ClientOfRequest> certain =
                possible.stream().filter(client -> client.asksWith(requested)).toList();
        return certain.isEmpty() ? possible : certain;
    }

    /** Whether one of them has been refused the session before. */
    boolean haveRefused(List<ClientOfRequest> clients, SessionId id) {
        return clients.stream()
                .map(client -> client.verdict(this, id))
                .anyMatch(verdict -> verdict == Verdict.REFUSED || verdict == Verdict.UNREADABLE);
    }

    /** Whether one of them would be refused the session, as far as this node knows it. Tells nobody. */
    boolean wouldRefuse(List<ClientOfRequest> clients, @Nullable HoldfastSession known) {
        return mode == FingerprintMode.ENFORCE
                && known != null
                && record(known).has(BINDING)
                && clients.stream()
                        .anyMatch(client -> differenceOf(known, client)
                                .filter(Difference.NONE::equals)
                                .isEmpty());
    }

    /** Whether the session is given to all of them. */
    boolean admit(List<ClientOfRequest> clients, HoldfastSession session) {
        boolean given = true;
        for (ClientOfRequest client : clients) {
            given &= admits(client, session);
        }
        return given;
    }

    private boolean admits(ClientOfRequest client, HoldfastSession session) {
        SessionId id = session.live().id();
        Verdict decided = client.verdict(this, id);
        if (decided != null) {
            return decided == Verdict.GIVEN;
        }
        if (!record(session).has(BINDING)) {
            bind(client, session);
            return true;
        }
        Optional<Difference> difference = differenceOf(session, client);
        boolean same = difference.filter(Difference.NONE::equals).isPresent();
        Verdict verdict = same || mode == FingerprintMode.LOG
                ? Verdict.GIVEN
                : difference.isPresent() ? Verdict.REFUSED : Verdict.UNREADABLE;
        if (client.decide(this, id, verdict) && !same) {
            report(id, difference, client);
        }
        return verdict == Verdict.GIVEN;
    }

    /** Binds a session to a client, which has just made it or is the first to come. */
    private void bind(ClientOfRequest client, HoldfastSession session) {
        ClientBinding binding =
                ClientBinding.to(client.client(), prefix.ipv4(), prefix.ipv6(), ThreadLocalRandom.current());
        record(session).put(BINDING, binding.text());
        client.decide(this, session.live().id(), Verdict.GIVEN);
    }

    /**
     * A request is about to make a session, whose cookie takes the place of the one that it came with.
     *
     * @throws UnreadableBindingException if that one may well be its own
     */
    static void requireNothingUnreadable() {
        ClientOfRequest current = ClientOfRequest.current();
        if (current != null && current.hasUnreadable()) {
            throw new UnreadableBindingException();
        }
    }

    /** Binds a session that the request of the calling thread has just made. */
    void created(HoldfastSession session) {
        ClientOfRequest current = areOn() ? ClientOfRequest.current() : null;
        if (current != null) {
            bind(current, session);
        }
    }

    /** Empty if the session has no binding, or none that can be read. */
    private static Optional<Difference> differenceOf(HoldfastSession session, ClientOfRequest client) {
        return record(session).peek(BINDING) instanceof String text
                ? ClientBinding.parse(text).map(binding -> binding.differenceTo(client.client()))
                : Optional.empty();
    }

    private static ContainerAttributes record(HoldfastSession session) {
        return session.live().containerAttributes();
    }

    private void report(SessionId id, Optional<Difference> difference, ClientOfRequest client) {
        boolean readable = difference.isPresent();
        (readable ? mismatches : unreadable).incrementAndGet();
        Recurrence told = readable ? mismatchTold : unreadableTold;
        if (!told.isToBeTold()) {
            return;
        }
        String what = difference
                .map(differing -> "the " + differing + " of the client " + (differing == Difference.BOTH ? "are" : "is")
                        + " not what the session is bound to")
                .orElse("what the session is bound to cannot be read");
        String who = "Session " + id + ", request from " + client.shownAddress() + ": " + what + " (" + told.count()
                + " requests since the start). ";
        String toDo = readable
                ? " Either the client has changed, or somebody else has its cookie; then end the session, by JMX or in"
                        + " Tomcat's manager application. If addresses of users change by nature, lower fingerprintPrefix."
                : " An earlier message says why; if it is the key, give this node all keys of the application. If no"
                        + " node can read it, end the session, by JMX or in Tomcat's manager application.";
        log.warn(
                mode == FingerprintMode.LOG
                        ? "HF-250 " + who + "It got the session, because fingerprint is \"log\"." + toDo
                        : "HF-251 " + who + "It did not get the session, and goes on without one"
                                + (readable
                                        ? ""
                                        : "; if it needs one, it is answered with 503, so that its cookie stays")
                                + ". The session stays as it is for its owner." + toDo);
    }
}
