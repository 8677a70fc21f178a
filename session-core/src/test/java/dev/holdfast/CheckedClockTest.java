package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedClockTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private static CheckedClock clockThatIsAheadBy(Duration difference) {
        return new CheckedClock(InstantSource.fixed(NOW.plus(difference)), NOW::toEpochMilli);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT1S", "PT-1S"})
    void a_clock_that_is_about_right_counts(Duration difference) {
        assertThat(clockThatIsAheadBy(difference).instant()).isEqualTo(NOW.plus(difference));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1.001S", "PT-1.001S", "PT5M", "PT-5M"})
    void otherwise_the_time_of_the_store_counts(Duration difference) {
        assertThat(clockThatIsAheadBy(difference).instant()).isEqualTo(NOW);
    }
}
