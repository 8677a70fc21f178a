package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a request may wait for the store; time passes when a test says so. */
class RequestBudgetTest {

    private static final Duration CALL = Duration.ofSeconds(2);

    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void enter() {
        RequestBudget.enter(new RequestBudget(Duration.ofMillis(500), nanos::get));
    }

    @AfterEach
    void exit() {
        RequestBudget.enter(null);
    }

    private void call(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        RequestBudget.spent(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void slow_calls_do_not_add_up() {
        for (int i = 0; i < 3; i++) {
            call(200);
        }
        assertThat(RequestBudget.limit(CALL)).isZero();
    }

    @Test
    void what_is_too_little_for_a_call_is_nothing() {
        RequestBudget.spent(TimeUnit.MILLISECONDS.toNanos(495));
        assertThat(RequestBudget.limit(CALL)).isEqualTo(Duration.ofMillis(5));
        RequestBudget.spent(1);
        assertThat(RequestBudget.limit(CALL)).isZero();
    }

    @Test
    void a_stream_that_goes_on_for_hours_does_not_run_out() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(RequestBudget.limit(CALL)).isGreaterThan(Duration.ofMillis(400));
            call(2);
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    @Test
    void a_pause_gives_back_no_more_than_there_was() {
        call(600);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(RequestBudget.limit(CALL)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void outside_a_request_only_the_call_itself_is_limited() {
        RequestBudget.enter(null);
        call(600);
        assertThat(RequestBudget.limit(CALL)).isEqualTo(CALL);
    }
}
