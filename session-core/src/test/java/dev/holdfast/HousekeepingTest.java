package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HousekeepingTest {

    @Test
    void nodes_that_were_started_together_do_not_sweep_together() {
        Random random = new Random(7);
        List<Long> rests = Stream.generate(() -> Housekeeping.restMillis(Duration.ofSeconds(10), random))
                .limit(1000)
                .toList();

        assertThat(rests).allMatch(rest -> rest >= 5_000 && rest <= 15_000);
        assertThat(Set.copyOf(rests)).hasSizeGreaterThan(900);
        assertThat(rests.stream().mapToLong(Long::longValue).average().orElseThrow())
                .isBetween(9_500.0, 10_500.0);
        assertThat(rests)
                .as("no preference for full seconds")
                .filteredOn(rest -> rest % 1000 == 0)
                .hasSizeLessThan(10);
    }
}
