package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.util.Util;
import org.junit.jupiter.api.Test;

final class UnsafeOffTest {

    @Test
    void kryo_does_without_unsafe_and_the_property_is_as_it_was() {
        String before = System.getProperty("kryo.unsafe");

        UnsafeOff.ensure();

        assertThat(Util.isUnsafeAvailable()).isFalse();
        assertThat(System.getProperty("kryo.unsafe")).isEqualTo(before);
    }
}
