package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void rests_become_twice_as_long_up_to_ten_seconds_and_up_to_a_half_shorter_by_chance() {
        Backoff backoff = new Backoff(new Random(7));
        for (long whole : new long[] {250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000}) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(whole / 2), Duration.ofMillis(whole));
        }
    }

    @Test
    void nodes_do_not_come_back_together() {
        Set<Duration> rests = IntStream.range(0, 20)
                .mapToObj(node -> new Backoff(new Random(node)).next())
                .collect(Collectors.toSet());
        assertThat(rests).hasSizeGreaterThan(10);
    }
}
