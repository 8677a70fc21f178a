package dev.holdfast.codec;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells an operator, once per class, which classes in the bytes were not read, and counts. Thread-safe. */
final class ClassReports {

    private static final Logger log = LoggerFactory.getLogger(ClassReports.class);
    private static final int MOST_CLASSES = 1_000;
    private static final int MOST_SHOWN = 50;

    private final Set<String> denied = new ConcurrentSkipListSet<>();
    private final Set<String> audited = new ConcurrentSkipListSet<>();
    private final Set<String> unknown = new ConcurrentSkipListSet<>();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder wouldBeRefusals = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    private static boolean isNew(Set<String> told, String className) {
        return told.size() < MOST_CLASSES && told.add(className);
    }

    void denied(DeniedClass refusal) {
        refusals.increment();
        String className = Shown.of(refusal.className());
        if (!isNew(denied, className)) {
            return;
        }
        if (refusal.isDangerous()) {
            log.error(
                    "HF-222 A session attribute was not read: {}. No code of the class ran, and the attribute stays in"
                            + " Redis as it is. Unless the application itself has stored such an object, somebody else"
                            + " has written to Redis: see who may. No setting allows this class. Told once per class.",
                    refusal.describe());
        } else {
            log.error(
                    "HF-220 A session attribute was not read: {}. The class was not loaded, and the attribute stays in"
                            + " Redis as it is. If the application stores such objects, add the class to what there is:"
                            + " allowedClasses=\"{}\". Told once per class.",
                    refusal.describe(),
                    className);
        }
    }

    void wouldBeRefused(String className) {
        wouldBeRefusals.increment();
        if (isNew(audited, className)) {
            log.warn(
                    "HF-221 Session attributes hold the class {}, which deserialization=\"enforce\" would refuse. It was"
                            + " read, because deserialization is \"audit\". All that was found so far:"
                            + " allowedClasses=\"{}{}\". Told once per class.",
                    className,
                    String.join(";", audited.stream().limit(MOST_SHOWN).toList()),
                    audited.size() > MOST_SHOWN ? ";..." : "");
        }
    }

    void unknown(UnknownClass gone) {
        unreadable.increment();
        String className = Shown.of(gone.className());
        if (isNew(unknown, className)) {
            log.error(
                    "HF-223 A session attribute was not read: {}. The application sees no such attribute here; it stays in"
                            + " Redis as it is, for nodes that know the class. Deploy the class, or say by"
                            + " classAliases=\"{}=new.Name\" what it is called now. Told once per class.",
                    gone.describe(),
                    className);
        }
    }

    void damaged() {
        unreadable.increment();
    }

    DecodingCounts counts() {
        return new DecodingCounts(unreadable.sum(), refusals.sum(), wouldBeRefusals.sum());
    }
}
