package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

    @Test
    void one_server_has_the_usual_port_and_the_first_database() {
        assertThat(RedisAddress.parse("redis://cache"))
                .isEqualTo(new RedisAddress.Single(false, new HostAndPort("cache", 6379), null, 0));
    }

    @Test
    void user_password_port_and_database_are_read() {
        RedisAddress address = RedisAddress.parse("rediss://shop:pass@cache-1.example.org:6380/3");

        assertThat(address)
                .isEqualTo(new RedisAddress.Single(
                        true,
                        new HostAndPort("cache-1.example.org", 6380),
                        new RedisCredentials("shop", new Secret("pass")),
                        3));
    }

    @Test
    void a_password_without_a_user_is_for_the_default_user() {
        assertThat(RedisAddress.parse("redis://:pass@cache").credentials())
                .isEqualTo(new RedisCredentials(null, new Secret("pass")));
    }

    @Test
    void special_characters_of_a_password_are_percent_encoded_and_a_plus_is_a_plus() {
        assertThat(RedisAddress.parse("redis://:a%40b%2Fc%25+%C3%A9:d@cache").credentials())
                .isEqualTo(new RedisCredentials(null, new Secret("a@b/c%+é:d")));
    }

    @Test
    void sentinels_know_a_master() {
        assertThat(RedisAddress.parse("redis-sentinel://:pass@a:26380, b/mymaster/2"))
                .isEqualTo(new RedisAddress.Sentinel(
                        false,
                        List.of(new HostAndPort("a", 26380), new HostAndPort("b", 26379)),
                        "mymaster",
                        new RedisCredentials(null, new Secret("pass")),
                        2));
    }

    @Test
    void a_cluster_has_nodes() {
        assertThat(RedisAddress.parse("rediss-cluster://a:7000,b"))
                .isEqualTo(new RedisAddress.Cluster(
                        true, List.of(new HostAndPort("a", 7000), new HostAndPort("b", 6379)), null));
    }

    @Test
    void an_ipv6_address_stands_in_brackets() {
        assertThat(RedisAddress.parse("redis://[2001:db8::7]:6380"))
                .isEqualTo(new RedisAddress.Single(false, new HostAndPort("2001:db8::7", 6380), null, 0))
                .hasToString("redis://[2001:db8::7]:6380");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "redis://localhost/",
                "rediss://:p%40ss@localhost:6380/4",
                "redis://us%3Aer:p%2Fs@[::1]:6380",
                "redis-sentinel://a,b:26380/mymaster",
                "rediss-sentinel://:%C3%A9+%25@a/my.master_1/7",
                "redis-cluster://a:1,[::1],b",
                "rediss-cluster://u:p@a:65535"
            })
    void the_complete_uri_is_read_back_to_the_same_address(String uri) {
        RedisAddress address = RedisAddress.parse(uri);

        assertThat(RedisAddress.parse(address.toUri())).isEqualTo(address);
    }

    @Test
    void the_complete_uri_carries_the_password_and_every_port() {
        assertThat(RedisAddress.parse("redis://:p%40s@cache").toUri()).isEqualTo("redis://:p%40s@cache:6379");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://shop:s3cret@cache",
                "redis-sentinel://:s3cret@a/mymaster",
                "redis-cluster://shop:s3cret@a,b"
            })
    void no_text_form_shows_the_password(String uri) {
        RedisAddress address = RedisAddress.parse(uri);

        assertThat(address.toString()).doesNotContain("s3cret").contains(":***@");
        assertThat(String.valueOf(address.credentials())).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "localhost:6379; the scheme is missing",
                "'';             the scheme is missing",
                "valkey://localhost; the scheme is not one of redis://, rediss://, redis-sentinel://",
                "REDIS://localhost; the scheme is not one of",
                "redis://;       the host is missing",
                "redis://:6379;  the host is missing",
                "redis://:pass@; the host is missing",
                "redis://cache:; a port is not a number",
                "redis://cache:six; a port is not a number",
                "redis://cache:0; a port is not between 1 and 65535",
                "redis://cache:65536; a port is not between 1 and 65535",
                "redis://cache:99999999999; a port is not between 1 and 65535",
                "redis://cache/zero; the database is not a number",
                "redis://cache/-1; the database is not a number",
                "redis://cache/0/1; more parts after the servers",
                "redis://a,b; there is more than one server",
                "redis://::1:6379; an IPv6 address stands in brackets",
                "redis://[::1; not an IPv6 address",
                "redis://[127.0.0.1]; not an IPv6 address",
                "redis://[fe80::1%25eth0]; not an IPv6 address",
                "redis://[1:2]; not an IPv6 address",
                "redis://ca che; a host has characters other than",
                "redis://cache?timeout=1s; a URI has no options",
                "redis://shop@cache; before the @ stands user:password",
                "redis://:@cache; the password is empty",
                "redis://shop:@cache; the password is empty",
                "redis://:a@b@cache; percent-encoded",
                "redis://:a/b@cache; percent-encoded",
                "redis://:a#b@cache; percent-encoded",
                "redis://:a%zz@cache; two hexadecimal digits",
                "redis://:a%4@cache; two hexadecimal digits",
                "redis://:a%ff@cache; two hexadecimal digits of UTF-8",
                "redis-sentinel://a,b; the name of the master is missing",
                "redis-sentinel://a,b/my master; the name of the master has characters",
                "redis-sentinel://a/m/x; the database is not a number",
                "redis-sentinel://a,,b/m; the host is missing",
                "redis-cluster://a,b/1; only has database 0",
                "redis-cluster://a:1,b:x; a port is not a number"
            })
    void what_is_wrong_is_said(String uri, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisAddress.parse(uri))
                .withMessageContaining(reason);
    }

    @Test
    void all_that_is_wrong_is_said_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisAddress.parse("redis-sentinel://a:0,b:x//y"))
                .withMessageContaining("not between 1 and 65535")
                .withMessageContaining("a port is not a number")
                .withMessageContaining("the name of the master is missing")
                .withMessageContaining("the database is not a number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://:s3cret",
                "redis://shop:s3cret",
                "redis://:s3/cret@cache",
                "redis://:s3@cret@cache",
                "redis://:s3cret?@cache:x",
                "redis://:s3cret@cache:x/y",
                "redis://s3cret@cache",
                "shop:s3cret@cache",
                "valkey://:s3cret@cache",
                "redis://cache?password=s3cret",
                "redis://cache/0#s3cret"
            })
    void what_is_wrong_is_said_without_the_password(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisAddress.parse(uri))
                .satisfies(problem ->
                        assertThat(problem.getMessage()).doesNotContain("s3").doesNotContain("cret"))
                .satisfies(problem -> assertThat(((BadValueException) problem).betterValueOr(""))
                        .doesNotContain("s3")
                        .doesNotContain("cret"));
    }
}
