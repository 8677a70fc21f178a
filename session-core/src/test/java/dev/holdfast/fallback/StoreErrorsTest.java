package dev.holdfast.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreException.Reason;
import org.junit.jupiter.api.Test;

class StoreErrorsTest {

    private final StoreErrors errors = new StoreErrors();

    private void fail(String operation, StoreException failure) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> errors.counting(operation, () -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void what_failed_is_counted_by_operation_and_error_type() {
        assertThat(errors.counting("load", () -> "answer")).isEqualTo("answer");
        fail("load", new StoreException(Reason.TIMEOUT, "late"));
        fail("commit", new StoreException(Reason.READONLY, "no"));
        fail("load", new StoreException(Reason.TIMEOUT, "late again"));
        assertThat(errors.counts()).hasToString("{commit/readonly=1, load/timeout=2}");
    }

    @Test
    void what_is_not_asked_has_not_failed() {
        fail("load", StoreException.notAsked("it does not answer at present"));
        assertThat(errors.counts()).isEmpty();
    }
}
