package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.crypto.Protection;
import dev.holdfast.store.SignOnStore;
import dev.holdfast.store.SignOnStoreContract;
import dev.holdfast.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What the store of single sign-ons does with Redis, however Redis is set up. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RedisSignOnStoreContract extends SignOnStoreContract {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private RedisConnections connections;
    private RedisConnections otherConnections;
    RedisStoreOptions options;

    /** Where Redis is. */
    abstract String uri();

    /** The server that holds a key. */
    abstract RedisServer serverOf(String key);

    /** All servers that hold keys. */
    abstract List<RedisServer> servers();

    @BeforeAll
    void connect() {
        connections = RedisConnections.open(RedisSource.uri(uri()), PATIENT);
        otherConnections = RedisConnections.open(RedisSource.uri(uri()), PATIENT);
    }

    /** What is done to logins. */
    Protection protection(String host) {
        return Protection.none(host);
    }

    @AfterAll
    void disconnect() {
        connections.close();
        otherConnections.close();
    }

    @AfterEach
    void closeStores() {
        store.close();
        otherNode.close();
    }

    @Override
    protected SignOnStore newStore() {
        String host = "host-" + UUID.randomUUID();
        options = new RedisStoreOptions("test", host, 1, Duration.ofSeconds(HALF_AN_HOUR), Duration.ZERO, PATIENT)
                .withProtection(protection(host));
        return RedisSignOnStore.open(connections, options);
    }

    @Override
    protected SignOnStore sameStoreOnOtherNode() {
        return RedisSignOnStore.open(otherConnections, options);
    }

    @Override
    protected void loseData() {
        servers().forEach(server -> server.command("FLUSHALL"));
    }

    private String key() {
        return new Keys(options).signOn(id);
    }

    /** Rounded up: some milliseconds have passed. */
    @Override
    protected OptionalInt secondsToLive() {
        long ttl = (Long) serverOf(key()).command("PTTL", key());
        return ttl < 0 ? OptionalInt.empty() : OptionalInt.of((int) ((ttl + 999) / 1000));
    }

    @Test
    void each_use_prolongs_it() {
        store.begin(id, ALICE, shop, 60);
        serverOf(key()).command("PEXPIRE", key(), "5000");
        store.look(id);
        assertThat(secondsToLive()).hasValue(60 + HALF_AN_HOUR);
    }

    @Test
    void it_is_one_key_and_nothing_is_left_of_it() {
        store.begin(id, ALICE, shop, 60);
        store.join(id, forum, 60);
        assertThat(keys()).containsExactly(key());
        store.leave(id, shop);
        store.leave(id, forum);
        assertThat(keys()).isEmpty();

        store.begin(id, ALICE, shop, 60);
        store.end(id);
        assertThat(keys()).isEmpty();
    }

    @Test
    void a_probe_leaves_nothing() {
        loseData();
        store.probe();
        assertThat(servers()).allSatisfy(server -> assertThat(server.keys("*")).isEmpty());
    }

    private List<String> keys() {
        return servers().stream()
                .flatMap(server -> server.keys("*" + options.application() + "*").stream())
                .filter(key -> !key.endsWith(":epoch"))
                .toList();
    }
}
