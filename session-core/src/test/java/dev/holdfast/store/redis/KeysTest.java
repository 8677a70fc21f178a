package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SessionId;
import org.junit.jupiter.api.Test;

class KeysTest {

    private static final SessionId ID = new SessionId("0123456789ABCDEF");

    private final Keys keys = new Keys(RedisStoreOptions.of("shop"));

    @Test
    void the_name_of_a_record_tells_its_session() {
        assertThat(keys.idOfRecord(keys.record(keys.partition(ID), ID))).contains(ID);
    }

    @Test
    void no_other_name_tells_one() {
        int partition = keys.partition(ID);
        int other = (partition + 1) % keys.partitions();
        assertThat(keys.idOfRecord(keys.record(other, ID))).isEmpty();
        assertThat(keys.idOfRecord(keys.moved(partition, ID))).isEmpty();
        assertThat(keys.idOfRecord(keys.lock(partition, ID))).isEmpty();
        assertThat(keys.idOfRecord(keys.ended(partition, ID, 1))).isEmpty();
        assertThat(keys.idOfRecord(keys.due(partition))).isEmpty();
        assertThat(keys.idOfRecord(keys.record(partition, ID).replace("shop", "shop:1")))
                .isEmpty();
        assertThat(keys.idOfRecord("holdfast:{shop:" + partition + "}:s:")).isEmpty();
        assertThat(keys.idOfRecord("s")).isEmpty();
        assertThat(keys.idOfRecord("")).isEmpty();
    }

    @Test
    void what_is_special_in_patterns_is_taken_literally() {
        assertThat(new Keys(RedisStoreOptions.of("a*b?[c]\\-")).patternOfRecords())
                .isEqualTo("holdfast:{a\\*b\\?\\[c\\]\\\\\\-:*}:s:*");
    }
}
