package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;

class YamlConfigTest {

    private static final String FILE = """
            singleServerConfig:
              address: "redis://h:6379"
              timeout: 1234
              retryAttempts: 3
              retryDelay: !<org.redisson.config.ConstantDelay> {delay: PT0.1S}
              reconnectionDelay: !<org.redisson.config.FullJitterDelay>
                baseDelay: PT0.2S
                maxDelay: PT5S
            password: hush
            codec: !<org.redisson.codec.Kryo5Codec> {}
            nettyThreads: 5
            """;

    @Test
    void a_file_is_taken_at_its_word_but_for_the_codec() {
        Config config = RedisSource.yaml(FILE, "redisson.yaml").config(Duration.ofMillis(250));

        assertThat(config.useSingleServer().getTimeout()).isEqualTo(1234);
        assertThat(config.useSingleServer().getRetryAttempts()).isEqualTo(3);
        assertThat(config.useSingleServer().getRetryDelay()).isInstanceOf(YamlDelay.Constant.class);
        assertThat(config.useSingleServer().getReconnectionDelay()).isInstanceOf(YamlDelay.FullJitter.class);
        assertThat(config.getPassword()).isEqualTo("hush");
        assertThat(config.getNettyThreads()).isEqualTo(5);
        assertThat(config.getCodec()).isInstanceOf(ByteArrayCodec.class);
    }

    @Test
    void delays_are_read_in_either_notation() {
        for (String delay : List.of(
                "!<org.redisson.config.ConstantDelay> {delay: PT0.3S}",
                "!!org.redisson.config.ConstantDelay {delay: PT0.3S}")) {
            Config config = RedisSource.yaml("singleServerConfig: {retryDelay: " + delay + "}", "redisson.yaml")
                    .config(Duration.ofMillis(250));
            assertThat(config.useSingleServer().getRetryDelay().calcDelay(2)).isEqualTo(Duration.ofMillis(300));
        }
        for (String kind : List.of("EqualJitter", "FullJitter", "DecorrelatedJitter")) {
            Config config = RedisSource.yaml(
                            "singleServerConfig:\n  retryDelay: !<org.redisson.config." + kind
                                    + "Delay>\n    baseDelay: PT2S\n    maxDelay: PT3S\n",
                            "redisson.yaml")
                    .config(Duration.ofMillis(250));
            assertThat(config.useSingleServer().getRetryDelay().calcDelay(1))
                    .isBetween(Duration.ZERO, Duration.ofSeconds(3));
        }
    }

    @Test
    void tags_lead_to_the_package_that_redisson_has_here() {
        assertThat(YamlConfig.translate("a: !<org.redisson.codec.Kryo5Codec> {}", "other.redisson."))
                .isEqualTo("a: !!other.redisson.codec.Kryo5Codec {}");
        assertThat(YamlConfig.translate("password: org.redisson.", "other.redisson."))
                .isEqualTo("password: org.redisson.");
    }

    @Test
    void a_key_that_does_not_exist_is_an_error() {
        assertThatThrownBy(() -> RedisSource.yaml("singleServerConfig:\n  adress: h\n", "redisson.yaml"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("redisson.yaml is not a Redisson file: see line 2. See the Redisson documentation.");
    }

    @Test
    void a_file_that_cannot_be_read_is_named_but_not_quoted() {
        for (String bad : new String[] {
            "singleServerConfig: [hush", "singleServerConfig:\n  timeout: hush\n", "- hush", "\thush", "hush"
        }) {
            assertThatThrownBy(() -> RedisSource.yaml(bad, "conf/redisson.yaml"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("conf/redisson.yaml ")
                    .hasMessageNotContaining("hush")
                    .hasNoCause();
        }
        assertThatThrownBy(() -> RedisSource.yaml("", "conf/redisson.yaml")).hasMessage("conf/redisson.yaml is empty");
    }
}
