package dev.holdfast.fallback;

import dev.holdfast.model.SessionId;
import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.StoreException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes the calls to a store, each through the breaker of its failure domain. Thread-safe. */
final class GuardedCalls {

    private final FailureDomains domains;
    private final StoreErrors errors;
    private final List<GuardedDomain> guarded;

    /**
     * @param domains the parts of the store
     * @param options of each breaker
     * @param outages hears of changes
     * @param errors counts the calls that failed
     * @param absence why the store is not there yet; null if it is. While it is not, nothing is asked
     */
    GuardedCalls(
            FailureDomains domains,
            BreakerOptions options,
            Outages outages,
            StoreErrors errors,
            Supplier<@Nullable StoreException> absence) {
        this.domains = domains;
        this.errors = errors;
        this.guarded = IntStream.range(0, domains.count())
                .mapToObj(domain -> new GuardedDomain(domain, options, outages, absence))
                .toList();
    }

    /** The store is there: it is asked from now on. */
    void arrived() {
        guarded.forEach(domain -> domain.breaker.close());
    }

    /** @param operation what is asked, for those who count errors */
    <T> T forSession(String operation, SessionId id, Supplier<T> call) {
        return guarded.get(domains.of(id)).call(() -> errors.counting(operation, call));
    }

    <T> T forPartition(String operation, int partition, Supplier<T> call) {
        return guarded.get(domains.ofPartition(partition)).call(() -> errors.counting(operation, call));
    }

    /** How often a domain was closed again. */
    long recoveries() {
        return guarded.stream().mapToLong(domain -> domain.recoveries.get()).sum();
    }

    /** Whether calls for a session go through at present. */
    boolean permits(SessionId id) {
        return guarded.get(domains.of(id)).breaker.isClosed();
    }

    /** Whether calls for a partition go through at present. */
    boolean permitsPartition(int partition) {
        return guarded.get(domains.ofPartition(partition)).breaker.isClosed();
    }

    /** When a call of the domain of a session was last answered, by {@link System#nanoTime()}; or when all began. */
    long answeredNanos(SessionId id) {
        return guarded.get(domains.of(id)).answeredNanos;
    }

    /**
     * Sends a probe to a domain whose breaker is open.
     *
     * @return whether the breaker is closed now
     */
    boolean probe(int domain) {
        return guarded.get(domain)
                .probe(() -> errors.counting("probe", () -> {
                    domains.probe(domain);
                    return domain;
                }));
    }

    /** One domain, its breaker, and why it failed last. */
    private static final class GuardedDomain implements CircuitBreaker.Listener {

        private final int domain;
        private final CircuitBreaker breaker;
        private final Outages outages;
        private final Supplier<@Nullable StoreException> absence;
        private final AtomicReference<@Nullable StoreException> lastFailure = new AtomicReference<>();
        /** The reasons that operators know of the present outage. */
        private final Set<StoreException.Reason> told = ConcurrentHashMap.newKeySet();

        private final AtomicLong recoveries = new AtomicLong();
        private volatile long answeredNanos = System.nanoTime();

        GuardedDomain(int domain, BreakerOptions options, Outages outages, Supplier<@Nullable StoreException> absence) {
            this.domain = domain;
            this.outages = outages;
            this.absence = absence;
            this.breaker = new CircuitBreaker(options, this, absence.get() != null);
        }

        <T> T call(Supplier<T> call) {
            int begun = breaker.begin();
            if (begun == CircuitBreaker.REFUSED) {
                throw notAsked();
            }
            try {
                T answer = call.get();
                breaker.succeeded(begun);
                answeredNanos = System.nanoTime();
                return answer;
            } catch (StoreException unanswered) {
                if (unanswered.isOutage()) {
                    lastFailure.set(unanswered);
                    breaker.failed(begun);
                }
                throw unanswered;
            }
        }

        private StoreException notAsked() {
            StoreException absent = absence.get();
            if (absent != null) {
                return absent;
            }
            StoreException last = lastFailure.get();
            return StoreException.notAsked("HF-601 Redis was not asked, because it does not answer at present"
                    + (last == null ? "." : ": " + last.getMessage()));
        }

        boolean probe(Runnable probe) {
            if (!breaker.beginProbe()) {
                return breaker.isClosed();
            }
            boolean answered = false;
            try {
                probe.run();
                answered = true;
            } catch (StoreException stillDown) {
                lastFailure.set(stillDown);
                if (stillDown.isOutage() && told.add(stillDown.reason())) {
                    outages.lasts(domain, String.valueOf(stillDown.getMessage()));
                }
            } finally {
                breaker.endProbe(answered);
            }
            return answered;
        }

        @Override
        public void opened(int failures, int calls) {
            StoreException last = lastFailure.get();
            told.clear();
            if (last != null) {
                told.add(last.reason());
            }
            outages.began(domain, failures, calls, last == null ? "" : String.valueOf(last.getMessage()));
        }

        @Override
        public void closed() {
            recoveries.incrementAndGet();
            outages.ended(domain);
        }
    }
}
