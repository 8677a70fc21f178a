package dev.holdfast.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One server, with no more permissions than those of {@code conf/redis-acl.conf}. */
class RedisAclSessionStoreTest extends RedisSessionStoreContract {

    private final Path aclFile = aclFile();
    private final RedisServer redis =
            RedisServer.builder().directive("aclfile", aclFile.toString()).start();

    @AfterAll
    void stop() throws IOException {
        redis.close();
        Files.delete(aclFile);
    }

    private static String userLine() {
        try (var lines = Files.lines(Path.of("..", "conf", "redis-acl.conf"))) {
            return lines.filter(line -> line.startsWith("user ")).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path aclFile() {
        // The keys of this suite begin with another word.
        String user = userLine().replace("holdfast:*", "test:*").replace("change-me", "secret");
        try {
            Path file = Files.createTempFile("holdfast", ".acl");
            return Files.writeString(file, "user default on nopass ~* &* +@all\n" + user + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    String uri() {
        return "redis://holdfast:secret@127.0.0.1:" + redis.port();
    }

    @Override
    List<RedisServer> servers() {
        return List.of(redis);
    }

    @Test
    void nothing_dangerous_is_asked_for() {
        assertThat(userLine())
                .contains("-@all")
                .doesNotContain("+@", "+keys", "+scan", "+config", "+flush", "+script", "+debug", "+acl");
    }
}
