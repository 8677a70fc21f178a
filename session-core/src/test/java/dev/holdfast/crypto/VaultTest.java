package dev.holdfast.crypto;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What opens where, and what does not. */
class VaultTest {

    private static final String ONE = "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE=";
    private static final String TWO = "k2:1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";
    private static final String OTHER_ONE = "k1:zzYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";

    private static final Place PLACE = new Place("session", "shop", "id", 7);
    private static final byte[] VALUE = "a value of some length".getBytes(UTF_8);

    private final Protection on = on(ONE);

    private static Protection on(String keys) {
        return Protection.with(KeyRing.parse(keys), true, false, "shop");
    }

    private static Protection migrate(String keys) {
        return Protection.with(KeyRing.parse(keys), true, true, "shop");
    }

    private static Protection off(String keys) {
        return Protection.with(KeyRing.parse(keys), false, true, "shop");
    }

    // ---- what opens ----------------------------------------------------------------------------------------------

    @Test
    void what_was_sealed_opens_in_its_place() {
        byte[] sealed = on.in(PLACE).sealed("acart", VALUE);

        assertThat(new String(sealed, ISO_8859_1)).doesNotContain("value");
        assertThat(sealed).hasSize(3 + 2 + 12 + VALUE.length + 16).startsWith(0x11, 0x02, 2, 'k', '1');
        assertThat(on.in(PLACE).opened("acart", sealed)).isEqualTo(VALUE);
        assertThat(on.in(PLACE).opened("acart", on.in(PLACE).sealed("acart", new byte[0])))
                .isEmpty();
    }

    /** These bytes are in the Redis of somebody: every later version opens them. */
    @Test
    void what_this_version_seals_opens_for_ever() {
        String golden =
                "1102026b313578d9700740872fd9d3c1bc7c9b7b43de77dd7773bee6f5645d3fa848cd3fc05d964f4a9776b71f95e9f97d3f8df40f5e81";
        assertThat(HexFormat.of().formatHex(on.in(PLACE).sealed("acart", VALUE)))
                .isEqualTo(golden);
        assertThat(on.in(PLACE).opened("acart", HexFormat.of().parseHex(golden)))
                .isEqualTo(VALUE);
    }

    @Test
    void the_same_value_in_the_same_place_has_the_same_bytes_and_nowhere_else() {
        byte[] sealed = on.in(PLACE).sealed("acart", VALUE);

        assertThat(on.in(PLACE).sealed("acart", VALUE)).isEqualTo(sealed);
        List<byte[]> others = List.of(
                on.in(PLACE).sealed("abasket", VALUE),
                on.in(PLACE).sealed("acart", "another value".getBytes(UTF_8)),
                on.in(PLACE.withId("other")).sealed("acart", VALUE));
        for (byte[] other : others) {
            assertThat(nonce(other)).isNotEqualTo(nonce(sealed));
        }
    }

    private static byte[] nonce(byte[] sealed) {
        return Arrays.copyOfRange(sealed, 5, 17);
    }

    @Test
    void keys_are_exchanged_in_two_steps() {
        Protection before = on(ONE);
        Protection between = on(ONE + "," + TWO);
        Protection after = on(TWO + "," + ONE);
        List<Protection> firstStep = List.of(before, between);
        List<Protection> secondStep = List.of(between, after);

        for (List<Protection> together : List.of(firstStep, secondStep)) {
            for (Protection writer : together) {
                for (Protection reader : together) {
                    byte[] sealed = writer.in(PLACE).sealed("acart", VALUE);
                    assertThat(reader.in(PLACE).opened("acart", sealed)).isEqualTo(VALUE);
                }
            }
        }
        assertThat(after.in(PLACE).sealed("acart", VALUE)).startsWith(0x11, 0x02, 2, 'k', '2');
    }

    // ---- what does not open --------------------------------------------------------------------------------------

    @Test
    void a_byte_that_was_changed_anywhere_is_noticed() {
        byte[] sealed = on.in(PLACE).sealed("acart", VALUE);
        for (int at = 0; at < sealed.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] changed = sealed.clone();
                changed[at] ^= (byte) (1 << bit);
                assertThat(on.in(PLACE).openedOrNull("acart", changed))
                        .as("byte %s", at)
                        .isNull();
            }
        }
    }

    @Test
    void what_was_cut_off_or_lengthened_does_not_open() {
        byte[] sealed = on.in(PLACE).sealed("acart", VALUE);
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThat(on.in(PLACE).openedOrNull("acart", cut))
                    .as("length %s", length)
                    .isNull();
        }
        assertThat(on.in(PLACE).openedOrNull("acart", Arrays.copyOf(sealed, sealed.length + 1)))
                .isNull();
    }

    @Test
    void values_cannot_be_moved() {
        byte[] sealed = on.in(PLACE).sealed("acart", VALUE);
        List<Place> elsewhere = List.of(
                new Place("session", "shop", "di", 7),
                new Place("session", "forum", "id", 7),
                new Place("session", "shop", "id", 8),
                new Place("sign-on", "shop", "id", 7),
                new Place("session", "shopi", "d", 7));

        for (Place other : elsewhere) {
            assertThat(on.in(other).openedOrNull("acart", sealed)).isNull();
        }
        assertThat(on.in(PLACE).openedOrNull("abasket", sealed)).isNull();
    }

    @Test
    void names_that_utf_8_cannot_tell_apart_are_told_apart() {
        byte[] sealed = on.in(PLACE).sealed("a\ud800", VALUE);

        assertThat(on.in(PLACE).opened("a\ud800", sealed)).isEqualTo(VALUE);
        assertThat(on.in(PLACE).openedOrNull("a\ud801", sealed)).isNull();
    }

    @Test
    void without_the_key_or_with_another_one_of_its_name_nothing_opens_and_nothing_is_lost() {
        byte[] sealed = on.in(PLACE).sealed("acart", VALUE);
        for (Protection other : List.of(on(TWO), on(OTHER_ONE), Protection.none("shop"), off(TWO))) {
            assertThat(other.in(PLACE).openedOrNull("acart", sealed)).isNull();

            byte[] unopened = other.in(PLACE).opened("acart", sealed);

            assertThat(unopened).startsWith(0x11, 0x02);
            assertThat(other.in(PLACE).sealed("acart", unopened)).isEqualTo(sealed);
        }
    }

    // ---- values that are not encrypted ---------------------------------------------------------------------------

    @Test
    void plain_values_count_until_they_are_refused() {
        assertThat(Protection.none("shop").in(PLACE).opened("acart", VALUE)).isEqualTo(VALUE);
        assertThat(off(ONE).in(PLACE).opened("acart", VALUE)).isEqualTo(VALUE);
        assertThat(migrate(ONE).in(PLACE).opened("acart", VALUE)).isEqualTo(VALUE);

        assertThat(on.in(PLACE).openedOrNull("acart", VALUE)).isNull();
        assertThat(on.in(PLACE).sealed("acart", on.in(PLACE).opened("acart", VALUE)))
                .isEqualTo(VALUE);
    }

    @Test
    void while_encryption_is_off_keys_only_read() {
        assertThat(off(ONE).in(PLACE).sealed("acart", VALUE)).isEqualTo(VALUE);
        assertThat(off(ONE).in(PLACE).opened("acart", on.in(PLACE).sealed("acart", VALUE)))
                .isEqualTo(VALUE);
        assertThat(Protection.none("shop").in(PLACE).sealed("acart", VALUE)).isEqualTo(VALUE);
    }

    /** It would be taken apart when it is written again. */
    @Test
    void bytes_that_only_look_like_what_does_not_open_are_not_believed() {
        byte[] planted = new Unopened("id", new byte[0], "planted".getBytes(UTF_8)).toValue();
        for (Protection any : List.of(on, migrate(ONE), off(ONE), Protection.none("shop"))) {
            byte[] unopened = any.in(PLACE).opened("acart", planted);
            assertThat(any.in(PLACE).sealed("acart", unopened)).isEqualTo(planted);
        }
    }

    // ---- a change of id ------------------------------------------------------------------------------------------

    @Test
    void values_of_former_ids_open_by_the_certificates_of_the_changes() {
        byte[] first = on.in(PLACE).sealed("acart", VALUE);
        Place second = PLACE.withId("second");
        byte[] certificates = on.in(second).certificate("id");
        byte[] later = on.in(second).sealed("auser", VALUE);
        Place third = PLACE.withId("third");
        certificates = joined(on.in(third).certificate("second"), certificates);

        Vault vault = on.in(third).certified(certificates);

        assertThat(vault.opened("acart", first)).isEqualTo(VALUE);
        assertThat(vault.opened("auser", later)).isEqualTo(VALUE);
        assertThat(vault.opened("acart", on.in(third).sealed("acart", VALUE))).isEqualTo(VALUE);
        assertThat(on.in(third).openedOrNull("acart", first)).isNull();
        assertThat(on.in(PLACE).certified(certificates).openedOrNull("auser", later))
                .isNull();
    }

    @Test
    void a_certificate_of_another_session_leads_nowhere() {
        byte[] stolen = on.in(PLACE).sealed("acart", VALUE);
        Place mallory = PLACE.withId("mallory");
        byte[] foreign = on.in(PLACE.withId("alice")).certificate("id");
        byte[] forged = on(TWO).in(mallory).certificate("id");

        for (byte[] certificates : new byte[][] {foreign, forged, {1}, {0, 9, 1}, {-1, -1, 0, 0}}) {
            assertThat(on.in(mallory).certified(certificates).openedOrNull("acart", stolen))
                    .isNull();
        }
    }

    @Test
    void certificates_of_an_older_key_lead_on() {
        byte[] first = on.in(PLACE).sealed("acart", VALUE);
        Protection rotated = on(TWO + "," + ONE);
        byte[] certificates = joined(
                rotated.in(PLACE.withId("third")).certificate("second"),
                on.in(PLACE.withId("second")).certificate("id"));

        assertThat(rotated.in(PLACE.withId("third")).certified(certificates).opened("acart", first))
                .isEqualTo(VALUE);
    }

    @Test
    void what_does_not_open_moves_with_certificates_and_opens_for_who_has_all_keys() {
        byte[] first = on.in(PLACE).sealed("acart", VALUE);
        Place second = PLACE.withId("second");
        byte[] toSecond = on.in(second).certificate("id");

        // A node without the key copies the session to a third id.
        byte[] unopened = on(TWO).in(second).certified(toSecond).opened("acart", first);
        Place third = PLACE.withId("third");
        Vault there = on(TWO).in(third);
        byte[] moved = there.sealed("acart", unopened);
        byte[] certificates = there.certificatesFor(List.of(unopened, VALUE));

        assertThat(moved).isEqualTo(first);
        assertThat(on(ONE + "," + TWO).in(third).certified(certificates).opened("acart", moved))
                .isEqualTo(VALUE);
        assertThat(on(TWO).in(second).certificatesFor(List.of(unopened))).isEqualTo(toSecond);
        assertThat(on.in(second).certificatesFor(List.of(VALUE))).isEmpty();
    }

    private static byte[] joined(byte[]... parts) {
        List<Byte> all = new ArrayList<>();
        for (byte[] part : parts) {
            for (byte each : part) {
                all.add(each);
            }
        }
        byte[] joined = new byte[all.size()];
        for (int i = 0; i < joined.length; i++) {
            joined[i] = all.get(i);
        }
        return joined;
    }
}
