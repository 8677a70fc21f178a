package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.session.Client;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who has sent a request, as it was when the request came to its host: later, valves and connectors no longer know. It is
 * decided once for each session whether it is given to this request. Thread-safe.
 */
final class ClientOfRequest {

    private static final String NOTE = ClientOfRequest.class.getName();
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    private static final ThreadLocal<ClientOfRequest> CURRENT = new ThreadLocal<>();

    private final Client client;
    private final @Nullable String requestedText;
    private final Optional<SessionId> requestedFirst;
    private final Map<Look, Verdict> verdicts = new ConcurrentHashMap<>();

    private ClientOfRequest(Request request) {
        String agent = request.getHeader("User-Agent");
        String address = request.getRemoteAddr();
        client = new Client(address == null ? "" : address, agent == null ? "" : agent);
        requestedText = request.getRequestedSessionId();
        requestedFirst = RoutedId.idOf(requestedText);
    }

    /** That of a request, made when it comes for the first time; it may come again if it is asynchronous. */
    static ClientOfRequest of(Request request) {
        if (request.getNote(NOTE) instanceof ClientOfRequest present) {
            return present;
        }
        ClientOfRequest created = new ClientOfRequest(request);
        request.setNote(NOTE, created);
        return created;
    }

    /** That of the request on the calling thread; null if there is none, or if nobody wants to know. */
    static @Nullable ClientOfRequest current() {
        return CURRENT.get();
    }

    /**
     * Makes this the one of the calling thread.
     *
     * @return the one before, to be given to {@link #leave}
     */
    @Nullable
    ClientOfRequest enter() {
        ClientOfRequest before = CURRENT.get();
        CURRENT.set(this);
        return before;
    }

    /** Ends what {@link #enter} began. */
    static void leave(@Nullable ClientOfRequest before) {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }

    Client client() {
        return client;
    }

    /** Where the request came from, for a message. What stands in a header may be any text. */
    String shownAddress() {
        return ADDRESS.matcher(client.address()).matches() ? client.address() : "an unknown address";
    }

    /** Whether the client has asked for this session. A request may look at others, as one of an operator does. */
    boolean asksFor(SessionId id) {
        return requestedFirst.filter(id::equals).isPresent();
    }

    /**
     * Whether the request asks with this very object, and not with an equal one: the connector makes one for each request.
     * Never true for the request of another client, unless the connector shares texts; then for all that share it.
     */
    @SuppressWarnings("ReferenceEquality") // See above.
    boolean asksWith(@Nullable String text) {
        return text == requestedText;
    }

    /** What has been decided about a session; null if nothing has. */
    @Nullable
    Verdict verdict(ClientBindings by, SessionId id) {
        return verdicts.get(new Look(by, id));
    }

    /**
     * Decides for the rest of the request.
     *
     * @return false if it had been decided
     */
    boolean decide(ClientBindings by, SessionId id, Verdict verdict) {
        return verdicts.putIfAbsent(new Look(by, id), verdict) == null;
    }

    /** Whether the request has come with a session, of whichever application, whose client this node cannot read. */
    boolean hasUnreadable() {
        return verdicts.containsValue(Verdict.UNREADABLE);
    }

    /** Whether a session is given to a request. */
    enum Verdict {
        /** It is. */
        GIVEN,
        /** It is not: it belongs to another client. */
        REFUSED,
        /** It is not, and may well be the client's: this node cannot read whom it belongs to. */
        UNREADABLE
    }

    private record Look(ClientBindings by, SessionId id) {}
}
