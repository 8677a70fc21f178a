package dev.holdfast.store.memory;

import dev.holdfast.model.OfflineChange;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.store.Reconciled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides attribute by attribute whose change is the later one. Not thread-safe. */
final class Reconciliation {

    private final StampedAttributes attributes;
    private final long sinceMillis;
    private final Writers writers;
    private final Set<String> written = new HashSet<>();
    private final Set<String> overruled = new HashSet<>();
    private final Set<String> overruling = new HashSet<>();

    Reconciliation(StampedAttributes attributes, OfflineDelta delta, Writers writers) {
        this.attributes = attributes;
        this.sinceMillis = delta.sinceMillis();
        this.writers = writers;
    }

    void bringIn(String name, OfflineChange change, long nowMillis) {
        byte[] value = change.value();
        long changed = Math.min(nowMillis, change.changedMillis());
        long present = attributes.changedMillis(name);
        if (Arrays.equals(attributes.value(name), value)) {
            if (present >= changed) {
                return;
            }
        } else if (isOfOthers(name, present)) {
            if (present > changed) {
                overruled.add(name);
                return;
            }
            overruling.add(name);
        }
        if (value == null) {
            attributes.remove(name, changed);
        } else {
            attributes.set(name, value, changed);
        }
        written.add(name);
    }

    private boolean isOfOthers(String name, long present) {
        @Nullable Boolean own = writers.ours.get(name);
        return own == null ? !writers.complete && present > sinceMillis : !own;
    }

    /** The attributes that were written, or removed. */
    Set<String> written() {
        return written;
    }

    Reconciled.Done outcome(long previousRevision, long revision) {
        return new Reconciled.Done(previousRevision, revision, overruled, overruling);
    }

    /**
     * Who wrote since the caller's revision, as far as the log tells.
     *
     * @param ours whether the last one to write an attribute was an unanswered commit of the caller, by name
     * @param complete whether nobody has written the attributes that are not in it
     */
    record Writers(Map<String, Boolean> ours, boolean complete) {}
}
