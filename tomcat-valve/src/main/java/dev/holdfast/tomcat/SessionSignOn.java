package dev.holdfast.tomcat;

import dev.holdfast.model.SessionId;
import dev.holdfast.model.SignOnId;
import dev.holdfast.model.SignOnMember;
import dev.holdfast.session.ContainerAttributes;
import dev.holdfast.session.LiveSession;
import dev.holdfast.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The single sign-on that one session belongs to. Its id stands in the record of the session, so that every node knows
 * it: also one that only hears of the end of the session. A session counts as long as its sign-on lives. Thread-safe.
 */
final class SessionSignOn {

    private static final String SIGN_ON = "signOn";

    private final ApplicationRun run;
    private final LiveSession live;
    private final ContainerAttributes record;

    SessionSignOn(ApplicationRun run, LiveSession live) {
        this.run = run;
        this.live = live;
        this.record = live.containerAttributes();
    }

    /** Which sign-on it is; null if there is none, or no valve that would know of it. */
    @Nullable
    SignOnId id() {
        return run.place().signOn() == null || !(record.get(SIGN_ON) instanceof String id)
                ? null
                : SignOnId.parse(id).orElse(null);
    }

    /** The session belongs to a sign-on from now on; null: to none. */
    void id(@Nullable SignOnId id) {
        if (id == null) {
            record.remove(SIGN_ON);
        } else {
            record.put(SIGN_ON, id.value());
        }
    }

    /** How the session stands in its sign-on. */
    SignOnMember member() {
        return memberAs(live.id());
    }

    private SignOnMember memberAs(SessionId id) {
        return new SignOnMember(run.place().name(), id);
    }

    /**
     * Whether the sign-on has ended. Costs nothing if the client has sent its cookie.
     *
     * @throws StoreException if Redis does not answer
     */
    boolean isOver() {
        return ask((signOns, id) -> !signOns.lives(id)).orElse(false);
    }

    /**
     * The session ends by somebody's will: so does the sign-on.
     *
     * @return the other sessions, which are to follow
     * @throws StoreException if Redis does not answer
     */
    List<SignOnMember> end() {
        SignOnMember mine = member();
        return ask((signOns, id) -> signOns.end(id)).orElse(List.of()).stream()
                .filter(other -> !other.equals(mine))
                .toList();
    }

    /** Ends the other sessions, as far as they can be reached from here. */
    void endSessions(List<SignOnMember> others) {
        RedisSingleSignOn valve = run.place().signOn();
        if (valve != null && !others.isEmpty()) {
            valve.endSessions(others);
        }
    }

    /**
     * The time of the session is over.
     *
     * @param id the sign-on, as it was noted before the session ended
     */
    void leave(@Nullable SignOnId id) {
        RedisSingleSignOn valve = run.place().signOn();
        if (valve != null && id != null) {
            valve.signOns().left(id, member());
        }
    }

    void idChanged(String idBefore) {
        moved(memberAs(new SessionId(idBefore)));
    }

    void intervalChanged() {
        moved(member());
    }

    private void moved(SignOnMember before) {
        var unused = ask((signOns, id) -> {
            signOns.moved(id, before, member(), live.maxInactiveSeconds());
            return true;
        });
    }

    /** Empty if there is no sign-on. */
    private <T> Optional<T> ask(BiFunction<RequestSignOns, SignOnId, T> question) {
        RedisSingleSignOn valve = run.place().signOn();
        SignOnId id = valve == null ? null : id();
        return valve == null || id == null ? Optional.empty() : Optional.of(question.apply(valve.signOns(), id));
    }
}
