package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.ClientBinding.Difference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientBindingTest {

    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

    private static ClientBinding binding(String address, String userAgent, int ipv4Bits, int ipv6Bits) {
        ClientBinding made = ClientBinding.to(new Client(address, userAgent), ipv4Bits, ipv6Bits, new Random(1));
        return ClientBinding.parse(made.text()).orElseThrow();
    }

    private static Difference ofAddresses(String bound, String present, int ipv4Bits, int ipv6Bits) {
        return binding(bound, FIREFOX, ipv4Bits, ipv6Bits).differenceTo(new Client(present, FIREFOX));
    }

    private static Difference ofAgents(String bound, String present) {
        return binding("203.0.113.7", bound, 24, 56).differenceTo(new Client("203.0.113.7", present));
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7,          203.0.113.7",
        "203.0.113.7,          203.0.113.255",
        "203.0.113.7,          ::ffff:203.0.113.9",
        "203.0.113.7,          203.0.113.7:50123",
        "2001:db8:0:aa00::1,   2001:db8:0:aaff:ffff::2",
        "2001:db8:0:aa00::1,   2001:0DB8:0:AA01::1",
        "2001:db8:0:aa00::1,   [2001:db8:0:aa00::1]:443",
        "fe80::1%eth0,         fe80::1%7",
        "'',                   ''",
        "unix-socket,          unix-socket",
    })
    void the_address_is_the_same_if_its_prefix_is(String bound, String present) {
        assertThat(ofAddresses(bound, present, 24, 56)).isEqualTo(Difference.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7,          203.0.114.7",
        "203.0.113.7,          2001:db8::1",
        "203.0.113.7,          ''",
        "2001:db8:0:aa00::1,   2001:db8:0:ab00::1",
        "one.example,          other.example",
        "999.0.113.7,          999.0.113.8",
    })
    void another_prefix_is_another_address(String bound, String present) {
        assertThat(ofAddresses(bound, present, 24, 56)).isEqualTo(Difference.ADDRESS);
    }

    @Test
    void all_bits_count_if_that_is_set_and_none_if_none_are() {
        assertThat(ofAddresses("203.0.113.7", "203.0.113.6", 32, 128)).isEqualTo(Difference.ADDRESS);
        assertThat(ofAddresses("203.0.113.7", "203.0.113.6", 31, 128)).isEqualTo(Difference.NONE);
        assertThat(ofAddresses("2001:db8::1", "2001:db8::2", 32, 128)).isEqualTo(Difference.ADDRESS);
        assertThat(ofAddresses("203.0.113.7", "198.51.100.1", 0, 56)).isEqualTo(Difference.NONE);
        assertThat(ofAddresses("203.0.113.7", "2001:db8::1", 0, 0)).isEqualTo(Difference.NONE);
        assertThat(ofAddresses("203.0.113.7", "no address", 0, 0)).isEqualTo(Difference.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.1.2) Gecko/20250101 Firefox/140.1.2esr",
            })
    void a_browser_may_update_itself(String updated) {
        assertThat(ofAgents(FIREFOX, updated)).isEqualTo(Difference.NONE);
    }

    @Test
    void a_telephone_may_update_itself() {
        assertThat(ofAgents(
                        "Dalvik/2.1.0 (Linux; U; Android 13; SM-G991B Build/TP1A.220624.014)",
                        "Dalvik/2.1.0 (Linux; U; Android 14; SM-G991B Build/UP1A.231005.007)"))
                .isEqualTo(Difference.NONE);
    }

    @Test
    void another_browser_or_none_is_another_user_agent() {
        assertThat(ofAgents(
                        FIREFOX, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"))
                .isEqualTo(Difference.USER_AGENT);
        assertThat(ofAgents(FIREFOX, "curl/8.5.0")).isEqualTo(Difference.USER_AGENT);
        assertThat(ofAgents(FIREFOX, "")).isEqualTo(Difference.USER_AGENT);
        assertThat(ofAgents("", "")).isEqualTo(Difference.NONE);
    }

    @Test
    void both_may_differ() {
        assertThat(binding("203.0.113.7", FIREFOX, 24, 56).differenceTo(new Client("198.51.100.1", "curl/8.5.0")))
                .isEqualTo(Difference.BOTH);
    }

    @Test
    void a_binding_shows_neither_address_nor_user_agent_and_two_of_one_client_differ() {
        Client client = new Client("203.0.113.7", FIREFOX);
        Random random = new Random(1);
        String one = ClientBinding.to(client, 24, 56, random).text();
        String other = ClientBinding.to(client, 24, 56, random).text();

        assertThat(one).hasSize(31).isNotEqualTo(other);
        String decoded = new String(Base64.getUrlDecoder().decode(one), StandardCharsets.ISO_8859_1);
        assertThat(decoded).doesNotContain("203", "Mozilla", "Firefox");
        assertThat(ClientBinding.parse(one).orElseThrow()).hasToString("ClientBinding");
        assertThat(client).hasToString("Client");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AQ", "not a binding!", "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void what_is_no_binding_or_one_of_a_later_version_is_not_read(String text) {
        assertThat(ClientBinding.parse(text)).isEmpty();
    }

    /** Records live longer than versions of this class. */
    @Test
    void a_binding_of_the_first_version_is_read_for_ever() {
        assertThat(ClientBinding.to(new Client("203.0.113.7", FIREFOX), 24, 56, new Random(1))
                        .text())
                .isEqualTo("ARg4c9Uau-E1gBEWcXZpVf3IZ8pMAYQ");
    }

    @Test
    void a_prefix_of_128_bits_is_kept() {
        assertThat(ofAddresses("2001:db8::1", "2001:db8::1", 24, 128)).isEqualTo(Difference.NONE);
    }
}
