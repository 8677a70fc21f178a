package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.benchmarks.DueAtOnce.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A small run, so that the benchmark works when it is needed. Its counts must be right at any size. */
class DueAtOnceIT {

    @Test
    void each_session_ends_once_and_leaves_nothing() throws Exception {
        Result result = DueAtOnce.measure(ManagerKind.HOLDFAST, 300, 1500);

        assertThat(result.ends()).isEqualTo(300);
        assertThat(result.distinct()).isEqualTo(300);
        assertThat(result.keysLeft()).isZero();
        assertThat(Result.table(300, List.of(result))).contains("| `sessionDestroyed` heard | 300 |");
    }
}
