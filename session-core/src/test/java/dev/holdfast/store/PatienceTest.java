package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long a call waits; time passes when an answer is waited for. */
class PatienceTest {

    private static final Duration LIMIT = Duration.ofMillis(500);

    private final AtomicLong nanos = new AtomicLong();
    private final Patience patience = new Patience(LIMIT, nanos::get);

    /** An answer that does not come before a wait has been tried so often; during one of them the process stands still. */
    private final class Answer extends CompletableFuture<String> {
        private final AtomicInteger waits = new AtomicInteger();
        private final int comesAt;
        private final int standsStillAt;

        Answer(int comesAt, int standsStillAt) {
            this.comesAt = comesAt;
            this.standsStillAt = standsStillAt;
        }

        @Override
        public String get(long timeout, TimeUnit unit) throws TimeoutException {
            int wait = waits.incrementAndGet();
            if (wait == comesAt) {
                nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
                return "here";
            }
            nanos.addAndGet(wait == standsStillAt ? TimeUnit.SECONDS.toNanos(20) : unit.toNanos(timeout));
            throw new TimeoutException();
        }
    }

    @Test
    void a_silent_store_is_waited_for_as_long_as_was_said() {
        Answer never = new Answer(0, 0);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> patience.await(never));
        assertThat(nanos).hasValue(LIMIT.toNanos());
        assertThat(patience.spentNanos()).isEqualTo(LIMIT.toNanos());
        assertThat(never).isCancelled();
    }

    @Test
    void time_in_which_the_process_stood_still_does_not_count() throws Exception {
        assertThat(patience.await(new Answer(3, 2))).isEqualTo("here");
        assertThat(Duration.ofNanos(patience.spentNanos())).isEqualTo(Duration.ofMillis(101));
    }

    @Test
    void after_a_standstill_a_silent_store_is_still_given_up() {
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> patience.await(new Answer(0, 2)));
        assertThat(Duration.ofNanos(nanos.get())).isEqualTo(Duration.ofMillis(20_450));
    }

    @Test
    void after_a_standstill_in_the_last_slice_there_is_one_more() throws Exception {
        assertThat(patience.await(new Answer(11, 10))).isEqualTo("here");
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> new Patience(LIMIT, nanos::get).await(new Answer(12, 10)));
    }

    @Test
    void the_steps_of_a_call_share_it() throws Exception {
        patience.await(new Answer(9, 0));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> patience.await(new Answer(0, 0)));
        assertThat(patience.spentNanos()).isEqualTo(LIMIT.toNanos());
    }

    @Test
    void an_error_is_no_silence() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> patience.await(CompletableFuture.failedFuture(new IllegalStateException("no"))));
    }

    @Test
    void with_none_left_what_is_there_already_is_still_taken() throws Exception {
        Patience none = new Patience(Duration.ZERO);
        assertThat(none.await(CompletableFuture.completedFuture("there"))).isEqualTo("there");
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> none.await(new CompletableFuture<>()));
    }
}
