package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.store.FailureDomains;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What operators hear of one outage. */
class GuardedCallsTest implements Outages {

    private final List<String> told = new ArrayList<>();
    private @Nullable Reason reason;
    private final GuardedCalls calls = new GuardedCalls(
            FailureDomains.single(this::ask),
            new BreakerOptions(50, 20, Duration.ofMinutes(1)),
            this,
            new StoreErrors(),
            () -> null);

    @Test
    void another_reason_is_told_once_in_an_outage() {
        outage(Reason.TIMEOUT);
        for (Reason found : List.of(Reason.TIMEOUT, Reason.CONNECT, Reason.TIMEOUT, Reason.LOADING, Reason.CONNECT)) {
            probe(found);
        }
        probe(null);
        outage(Reason.CONNECT);
        probe(Reason.TIMEOUT);

        assertThat(told)
                .containsExactly(
                        "began: TIMEOUT",
                        "lasts: CONNECT",
                        "lasts: LOADING",
                        "ended",
                        "began: CONNECT",
                        "lasts: TIMEOUT");
    }

    @Test
    void that_the_node_stops_is_no_reason() {
        outage(Reason.TIMEOUT);

        probe(Reason.INTERRUPTED);

        assertThat(told).containsExactly("began: TIMEOUT");
    }

    private void outage(Reason found) {
        reason = found;
        for (int call = 0; call < BreakerOptions.MOST_FAILURES_IN_A_ROW; call++) {
            assertThatThrownBy(() -> calls.forPartition("load", 0, this::answer))
                    .isInstanceOf(StoreException.class);
        }
    }

    private void probe(@Nullable Reason found) {
        reason = found;
        assertThat(calls.probe(0)).isEqualTo(found == null);
    }

    private int answer() {
        ask();
        return 0;
    }

    private void ask() {
        if (reason != null) {
            throw new StoreException(reason, reason.name());
        }
    }

    @Override
    public void began(int domain, int failures, int calls, String cause) {
        told.add("began: " + cause);
    }

    @Override
    public void lasts(int domain, String cause) {
        told.add("lasts: " + cause);
    }

    @Override
    public void ended(int domain) {
        told.add("ended");
    }
}
