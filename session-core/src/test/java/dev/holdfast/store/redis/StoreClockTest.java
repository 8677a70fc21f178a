package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreClockTest {

    private static final long MILLI = 1_000_000;

    /** Such a clock begins anywhere. */
    private final AtomicLong nanos = new AtomicLong(-123_456_789_012_345L);

    private final StoreClock clock = new StoreClock(nanos::get, InstantSource.fixed(Instant.ofEpochMilli(1_000_000)));

    /** An answer with a time of Redis, that takes so long both ways. */
    private void answer(long storeMillis, long outMillis, long backMillis) {
        long asked = clock.asking();
        pass(outMillis + backMillis);
        clock.answered(storeMillis, asked);
    }

    private void pass(long millis) {
        nanos.addAndGet(millis * MILLI);
    }

    @Test
    void before_the_first_answer_it_is_the_time_of_the_node() {
        pass(500);
        assertThat(clock.millis()).isEqualTo(1_000_000);
    }

    @Test
    void after_an_answer_it_is_the_time_of_redis_and_goes_on() {
        answer(1_700_000_000_000L, 0, 0);
        assertThat(clock.millis()).isEqualTo(1_700_000_000_000L);
        pass(90_000);
        assertThat(clock.millis()).isEqualTo(1_700_000_090_000L);
    }

    @Test
    void of_a_slow_answer_half_the_time_is_taken_for_the_way_back() {
        answer(1_700_000_000_000L, 100, 300);
        assertThat(clock.millis()).isBetween(1_700_000_000_199L, 1_700_000_000_201L);
    }

    @Test
    void a_slow_answer_does_not_spoil_what_a_quick_one_has_told() {
        answer(1_700_000_000_000L, 0, 0);
        answer(1_700_000_000_000L, 0, 2000);
        assertThat(clock.millis()).isEqualTo(1_700_000_002_000L);
        answer(1_700_000_004_000L, 2000, 0);
        assertThat(clock.millis()).isEqualTo(1_700_000_004_000L);
    }

    @Test
    void a_quick_answer_corrects_what_a_slow_one_has_told() {
        answer(1_700_000_000_000L, 0, 2000);
        answer(1_700_000_002_000L, 0, 0);
        assertThat(clock.millis()).isEqualTo(1_700_000_002_000L);
    }

    @Test
    void a_clock_that_was_set_is_followed_in_both_directions() {
        answer(1_700_000_000_000L, 0, 0);
        answer(1_700_000_300_000L, 0, 0);
        assertThat(clock.millis()).isEqualTo(1_700_000_300_000L);
        answer(1_699_999_000_000L, 0, 0);
        assertThat(clock.millis()).isBetween(1_699_999_000_000L, 1_699_999_000_001L);
    }
}
