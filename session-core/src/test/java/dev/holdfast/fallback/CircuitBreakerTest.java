package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitBreakerTest {

    private final List<String> heard = new ArrayList<>();
    private final CircuitBreaker breaker =
            new CircuitBreaker(new BreakerOptions(50, 10, Duration.ofSeconds(1)), new CircuitBreaker.Listener() {
                @Override
                public void opened(int failures, int calls) {
                    heard.add("opened " + failures + " of " + calls);
                }

                @Override
                public void closed() {
                    heard.add("closed");
                }
            });

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            breaker.succeeded(breaker.begin());
        }
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(breaker.begin());
        }
    }

    private void open() {
        fail(5);
        assertThat(breaker.begin()).isEqualTo(CircuitBreaker.REFUSED);
    }

    @Test
    void it_opens_after_five_failures_in_a_row() {
        succeed(100);
        fail(4);
        assertThat(breaker.isClosed()).isTrue();
        fail(1);
        assertThat(breaker.begin()).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(heard).containsExactly("opened 5 of 10");
    }

    @Test
    void it_opens_at_the_share_of_failures_in_a_full_window() {
        for (int i = 0; i < 4; i++) {
            fail(1);
            succeed(1);
        }
        assertThat(breaker.isClosed()).as("8 calls: the window is not full").isTrue();
        fail(1);
        succeed(1);
        assertThat(breaker.isClosed()).as("an answer opens nothing").isTrue();
        succeed(1);
        fail(1);
        assertThat(breaker.isClosed()).isFalse();
        assertThat(heard).containsExactly("opened 5 of 10");
    }

    @Test
    void old_failures_leave_the_window() {
        fail(4);
        succeed(10);
        fail(4);
        assertThat(breaker.isClosed()).isTrue();
    }

    @Test
    void it_is_closed_by_a_probe_alone() {
        assertThat(breaker.beginProbe()).as("there is nothing to find out").isFalse();
        open();
        assertThat(breaker.beginProbe()).isTrue();
        assertThat(breaker.begin()).as("requests wait for no probe").isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.beginProbe()).as("one probe at a time").isFalse();
        breaker.endProbe(false);
        assertThat(breaker.begin()).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.beginProbe()).isTrue();
        breaker.endProbe(true);
        assertThat(breaker.isClosed()).isTrue();
        assertThat(heard).containsExactly("opened 5 of 5", "closed");
    }

    @Test
    void it_counts_anew_after_it_has_closed() {
        open();
        breaker.beginProbe();
        breaker.endProbe(true);
        fail(4);
        assertThat(breaker.isClosed()).isTrue();
    }

    @Test
    void calls_that_began_before_it_opened_say_nothing_afterwards() {
        int[] begun = new int[20];
        for (int i = 0; i < begun.length; i++) {
            begun[i] = breaker.begin();
        }
        open();
        breaker.beginProbe();
        breaker.endProbe(true);
        for (int call : begun) {
            breaker.failed(call);
        }
        assertThat(breaker.isClosed()).isTrue();
        assertThat(heard).containsExactly("opened 5 of 5", "closed");
    }

    @Test
    void of_many_failures_at_once_the_opening_is_heard_once() {
        int[] begun = new int[20];
        for (int i = 0; i < begun.length; i++) {
            begun[i] = breaker.begin();
        }
        for (int call : begun) {
            breaker.failed(call);
        }
        assertThat(heard).containsExactly("opened 5 of 5");
    }

    @ParameterizedTest
    @CsvSource({"0, 20, 1000", "101, 20, 1000", "50, 4, 1000", "50, 1001, 1000", "50, 20, 49", "50, 20, 60001"})
    void options_out_of_range_are_refused(int threshold, int window, long millis) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BreakerOptions(threshold, window, Duration.ofMillis(millis)));
    }
}
