package dev.holdfast.fallback;

import dev.holdfast.model.NewSession;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether a session that has an entry in the journal was born on this node, and what the store may know of that. */
final class NotedBirth {

    /** Null if the store knows the session for sure, or did. */
    private JournalRecord.@Nullable Birth birth;

    /**
     * The session is born, or has not been brought before more is known of it.
     *
     * @param sent whether the store may have been told
     * @return whether it is news
     */
    boolean born(NewSession session, boolean sent) {
        JournalRecord.Birth before = birth;
        birth = before == null
                ? new JournalRecord.Birth(session.writtenMillis(), sent, false)
                : new JournalRecord.Birth(before.writtenMillis(), before.sent() || sent, before.underWay());
        return before == null;
    }

    /** Whether the store has not confirmed it: all that is known of it is here. */
    boolean isUnconfirmed() {
        return birth != null;
    }

    /** Whether the store never heard of the session. */
    boolean isUnheardOf() {
        JournalRecord.Birth present = birth;
        return present != null && !present.sent();
    }

    /** Whether the store may know the session, and has not confirmed it. */
    boolean wasSent() {
        return isUnconfirmed() && !isUnheardOf();
    }

    /**
     * Whether it was on its way to the store when the process ended that had noted it. It may have arrived, and the session
     * may have been ended since: then it must not be created again.
     */
    boolean isInDoubt() {
        JournalRecord.Birth present = birth;
        return present != null && present.underWay();
    }

    /** @param underWay whether the store is being told now; if not, it has not answered */
    void sent(boolean underWay) {
        JournalRecord.Birth present = birth;
        if (present != null) {
            birth = new JournalRecord.Birth(present.writtenMillis(), true, underWay);
        }
    }

    void confirmed() {
        birth = null;
    }

    OptionalLong writtenMillis() {
        JournalRecord.Birth present = birth;
        return present == null ? OptionalLong.empty() : present.writtenMillis();
    }

    JournalRecord.@Nullable Birth toWrite() {
        return birth;
    }

    void read(JournalRecord.@Nullable Birth written) {
        birth = written;
    }

    /** The file may lag behind. */
    void allRead() {
        sent(isInDoubt());
    }
}
