package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisClusterTest {
    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void each_key_is_at_home_on_one_node() {
        for (int i = 0; i < 20; i++) {
            String key = "key-" + i;
            assertThat(cluster.nodeOf(key).command("SET", key, "value")).isEqualTo("OK");
        }
        assertThat(cluster.nodes()).hasSize(3).allMatch(node -> !node.keys("*").isEmpty());
    }

    @Test
    void other_nodes_tell_where_a_key_is() {
        RedisServer home = cluster.nodeOf("key");
        RedisServer other = cluster.nodes().stream()
                .filter(node -> node != home)
                .findFirst()
                .orElseThrow();

        assertThatExceptionOfType(RedisErrorException.class)
                .isThrownBy(() -> other.command("GET", "key"))
                .withMessageStartingWith("MOVED")
                .withMessageEndingWith(home.address());
    }

    @Test
    void the_uri_names_all_nodes() {
        assertThat(cluster.uri()).matches("redis-cluster://127\\.0\\.0\\.1:\\d+(,127\\.0\\.0\\.1:\\d+){2}");
    }

    @Test
    void a_restarted_node_takes_its_place_again() {
        RedisServer node = cluster.nodes().get(1);

        node.restart();

        cluster.awaitComplete();
        assertThat(node.keys("*")).isEmpty();
    }
}
