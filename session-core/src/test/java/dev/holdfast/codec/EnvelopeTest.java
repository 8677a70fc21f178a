package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class EnvelopeTest {

    private final AttributeCodec codec = new KryoAttributeCodec(EnvelopeTest.class.getClassLoader());

    @Test
    void an_attribute_begins_with_format_version_1_codec_1_and_no_flags() {
        assertThat(codec.encode("x")).startsWith(0x11, 0x00);
    }

    @Test
    void a_newer_format_version_is_refused() {
        assertThatThrownBy(() -> codec.decode(new byte[] {0x21, 0, 1, 2}))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("format version 2")
                .hasMessageContaining("reads version 1");
    }

    @Test
    void an_unknown_codec_is_refused() {
        assertThatThrownBy(() -> codec.decode(new byte[] {0x1F, 0, 1, 2}))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("codec 15");
    }

    @Test
    void an_unknown_flag_is_refused() {
        assertThatThrownBy(() -> codec.decode(new byte[] {0x11, (byte) 0x80, 1, 2}))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("flags 0x80");
    }

    @Test
    void an_attribute_that_is_still_encrypted_says_so() {
        assertThatThrownBy(() -> codec.decode(new byte[] {0x11, 0x02, 1, 2})).isInstanceOf(EncryptedException.class);
    }

    @Test
    void bytes_that_hold_no_more_than_an_envelope_are_refused() {
        for (int length = 0; length <= Envelope.HEADER_LENGTH; length++) {
            byte[] bytes = new byte[length];
            assertThatThrownBy(() -> codec.decode(bytes))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("cut off");
        }
    }

    @Test
    void decoding_leaves_the_bytes_alone() {
        byte[] bytes = codec.encode(new Shop.Cart());
        byte[] before = bytes.clone();

        codec.decode(bytes);

        assertThat(bytes).isEqualTo(before);
    }
}
