package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ImmutableTypesTest {

    private final AttributeCodec codec = new KryoAttributeCodec(ImmutableTypesTest.class.getClassLoader());

    static Stream<Object> immutable() {
        return Stream.of(
                "x",
                1,
                true,
                'c',
                2.0,
                BigInteger.ONE,
                BigDecimal.TEN,
                UUID.randomUUID(),
                Locale.ROOT,
                URI.create("a"),
                Currency.getInstance("EUR"),
                String.class,
                Shop.Size.SMALL,
                Shop.Size.LARGE,
                Instant.EPOCH,
                LocalDate.MAX,
                ZoneId.of("Europe/Berlin"),
                ZoneId.of("Z"));
    }

    @ParameterizedTest
    @MethodSource("immutable")
    void values_never_change(Object value) {
        assertThat(codec.isImmutable(value)).isTrue();
    }

    static Stream<Object> mutable() {
        return Stream.of(
                new Date(),
                new StringBuilder(),
                new AtomicInteger(),
                new ArrayList<>(),
                List.of(),
                Optional.of(new Date()),
                new int[0],
                new Shop.Cash(1),
                new BigInteger("1") {},
                new BigDecimal("1") {});
    }

    @ParameterizedTest
    @MethodSource("mutable")
    void what_may_change_or_hold_something_that_does_is_not_taken_for_a_value(Object value) {
        assertThat(codec.isImmutable(value)).isFalse();
    }
}
