package dev.holdfast.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.SignOnStoreContract;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemorySignOnStoreTest extends SignOnStoreContract {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final MemorySignOnStore memory = new MemorySignOnStore(clock, Duration.ofSeconds(HALF_AN_HOUR));

    @Override
    protected SignOnStore newStore() {
        return memory;
    }

    @Override
    protected SignOnStore sameStoreOnOtherNode() {
        return memory;
    }

    @Override
    protected void loseData() {
        memory.loseData();
    }

    @Override
    protected OptionalInt secondsToLive() {
        return memory.secondsToLive(id);
    }

    @Test
    void each_use_prolongs_it_and_without_one_it_is_gone() {
        store.begin(id, ALICE, shop, 60);
        Duration life = Duration.ofSeconds(60 + HALF_AN_HOUR);
        advance(life.minusMillis(1));
        assertThat(store.look(id)).isPresent();
        advance(life.minusMillis(1));
        assertThat(store.look(id)).isPresent();
        advance(life);
        assertThat(store.look(id)).isEmpty();
        assertThat(store.join(id, forum, 60)).isFalse();
    }

    private void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }
}
