package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The ids of a session that has an entry in the journal: what the client has, and what the store knows. */
final class NotedIds {

    private final List<SessionId> former = new ArrayList<>();
    private SessionId present;
    private SessionId stored;
    private boolean changeSent;

    NotedIds(SessionId id) {
        this.present = id;
        this.stored = id;
    }

    /** The id that the client has. */
    SessionId present() {
        return present;
    }

    /** The id under which the store knows it. */
    SessionId stored() {
        return stored;
    }

    /** Ids that clients had, and that nobody may use any more. */
    List<SessionId> former() {
        return former;
    }

    /** All ids that clients had and have, and others under which the store knows or knew it; each once. */
    Set<SessionId> all() {
        Set<SessionId> all = new LinkedHashSet<>(List.of(stored));
        all.addAll(former);
        all.add(present);
        return all;
    }

    /**
     * The client gets another id.
     *
     * @param known whether the store may know the session
     * @param sent whether the store may have been told of the change
     */
    void changed(SessionId newId, boolean known, boolean sent) {
        former.add(present);
        present = newId;
        if (!known) {
            stored = newId;
        }
        changeSent |= sent;
    }

    /** The store knows the session under an id that another node has given it, and so does this entry from now on. */
    void givenElsewhere(SessionId id) {
        former.add(present);
        present = id;
        stored = id;
    }

    /** Whether the store may have been told of a change. */
    boolean isChangeSent() {
        return changeSent;
    }

    void changeSent() {
        changeSent = true;
    }

    void storedUnder(SessionId id) {
        stored = id;
    }

    JournalRecord.Ids toWrite() {
        return new JournalRecord.Ids(present, stored, List.copyOf(former), changeSent);
    }

    void read(JournalRecord.Ids written) {
        present = written.present();
        stored = written.stored();
        former.clear();
        former.addAll(written.former());
        changeSent = written.changeSent();
    }

    /** The file may lag behind. */
    void allRead() {
        changeSent |= !present.equals(stored);
    }
}
