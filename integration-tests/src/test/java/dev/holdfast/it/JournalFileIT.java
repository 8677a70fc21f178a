package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that ends while Redis does not answer, and is started again with the file of its journal. */
@Tag("faults")
class JournalFileIT {

    /** What the node runs. */
    static final class Notes implements Supplier<Application> {
        @Override
        public Application get() {
            return new Application()
                    .on(
                            "/set",
                            (request, response) ->
                                    request.getSession().setAttribute("value", request.getParameter("v")))
                    .on("/get", (request, response) -> {
                        HttpSession session = request.getSession(false);
                        response.getWriter().print(session == null ? "no session" : session.getAttribute("value"));
                    })
                    .on(
                            "/logout",
                            (request, response) -> request.getSession(false).invalidate())
                    .on("/change-id", (request, response) -> request.changeSessionId());
        }
    }

    private final LogRecords log = new LogRecords();
    private final Directory directory = Directory.temporary();
    private final RedisServer redis = RedisServer.builder().persistent().start();
    private TomcatNode a;
    private TomcatNode b;

    private final Browser changing = new Browser();
    private final Browser renaming = new Browser();
    private final Browser leaving = new Browser();
    private final Browser coming = new Browser();
    private final Browser passing = new Browser();
    private Browser renamedBefore;
    private Browser left;

    @BeforeEach
    void start() {
        b = node().start();
    }

    @AfterEach
    void stop() {
        if (a != null) {
            a.close();
        }
        b.close();
        redis.close();
        directory.close();
        log.close();
    }

    private TomcatNode.Builder node() {
        return TomcatNode.builder()
                .redis(redis.uri())
                .setting("operationTimeout", "200ms")
                .setting("openInterval", "100ms")
                .setting("shutdownTimeout", "4s")
                .application("", new Notes().get());
    }

    private TomcatNode.Builder nodeWithFile() {
        return node().setting("journalFile", directory.path().resolve("journal").toString());
    }

    private Path journal() {
        try (Stream<Path> files = Files.list(directory.path())) {
            return files.filter(file -> !file.toString().endsWith(".lock"))
                    .filter(file -> !file.toString().contains(".torn-"))
                    .reduce((one, other) -> {
                        throw new AssertionError(one + " and " + other);
                    })
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long size() {
        try {
            return Files.size(journal());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** While all is well. */
    private void before(String node) {
        changing.get(node + "/set?v=1");
        renaming.get(node + "/set?v=1");
        leaving.get(node + "/set?v=1");
        left = leaving.twin();
        renamedBefore = renaming.twin();
    }

    /** While Redis is away. */
    private void meanwhile(String node) {
        changing.get(node + "/set?v=2");
        renaming.get(node + "/change-id");
        renaming.get(node + "/set?v=2");
        leaving.get(node + "/logout");
        coming.get(node + "/set?v=new");
        passing.get(node + "/set?v=new");
        passing.get(node + "/logout");
    }

    /** On the node that was started again, and Redis is still away. */
    private void requireKnown() {
        assertThat(coming.get(a, "/get")).isEqualTo("new");
        assertThat(left.twin().get(a, "/get")).isEqualTo("no session");
        assertThat(renamedBefore.twin().get(a, "/get")).isEqualTo("no session");
        coming.get(a, "/set?v=newer");
    }

    /** On both nodes, when Redis is back. */
    private void requireBrought() {
        await().untilAsserted(() -> assertThat(changing.get(b, "/get")).isEqualTo("2"));
        await().untilAsserted(() -> assertThat(renaming.get(b, "/get")).isEqualTo("2"));
        await().untilAsserted(() -> assertThat(left.get(b, "/get")).isEqualTo("no session"));
        await().untilAsserted(() -> assertThat(coming.get(b, "/get")).isEqualTo("newer"));
        assertThat(renamedBefore.get(b, "/get")).isEqualTo("no session");
        assertThat(changing.get(a, "/get")).isEqualTo("2");
        assertThat(renaming.get(a, "/get")).isEqualTo("2");
    }

    @Test
    void a_node_that_is_stopped_and_started_again_in_an_outage_loses_nothing() {
        a = nodeWithFile().start();
        long empty = size();
        before(a.url(""));
        assertThat(size()).as("while all is well").isEqualTo(empty);
        redis.kill();
        meanwhile(a.url(""));
        a.close();
        assertThat(log.with("HF-619")).isEmpty();
        assertThat(log.with("HF-635"))
                .singleElement()
                .satisfies(line ->
                        assertThat(line.text()).contains("4 sessions", journal().toString()));

        a = nodeWithFile().start();
        assertThat(log.with("HF-630")).hasSize(1);
        requireKnown();
        redis.restart();
        requireBrought();
        await().untilAsserted(() -> assertThat(size()).isEqualTo(empty));
    }

    @Test
    void a_node_that_is_killed_in_an_outage_and_started_again_loses_nothing() {
        try (NodeProcess killed = NodeProcess.start(
                redis,
                Notes.class,
                "operationTimeout=200ms",
                "journalFile=" + directory.path().resolve("journal"))) {
            before(killed.url(""));
            redis.kill();
            meanwhile(killed.url(""));
            killed.kill();
        }
        a = nodeWithFile().start();
        requireKnown();
        redis.restart();
        requireBrought();
    }

    @Test
    void a_torn_file_is_read_as_far_as_it_is_whole_and_kept() throws IOException {
        a = nodeWithFile().start();
        redis.kill();
        coming.get(a, "/set?v=new");
        long whole = size();
        passing.get(a, "/set?v=torn");
        a.close();
        try (FileChannel file = FileChannel.open(journal(), StandardOpenOption.WRITE)) {
            // In the middle of the next record, whichever that is.
            file.truncate(whole + 20);
        }

        a = nodeWithFile().start();
        assertThat(log.with("HF-631")).hasSize(1);
        assertThat(coming.get(a, "/get")).isEqualTo("new");
        assertThat(passing.get(a, "/get")).isEqualTo("no session");
        try (Stream<Path> files = Files.list(directory.path())) {
            assertThat(files).anyMatch(file -> file.toString().contains(".torn-"));
        }
        redis.restart();
        await().untilAsserted(() -> assertThat(coming.get(b, "/get")).isEqualTo("new"));
    }

    @Test
    void a_foreign_file_is_refused_and_left_alone_and_the_node_works_without() throws IOException {
        a = nodeWithFile().start();
        a.close();
        byte[] foreign = "This is the diary of somebody else, and longer than any header would be."
                .getBytes(StandardCharsets.UTF_8);
        Files.write(journal(), foreign);

        a = nodeWithFile().start();
        assertThat(log.with("HF-632"))
                .singleElement()
                .satisfies(line -> assertThat(line.text())
                        .contains(journal().toString(), "not a journal of Holdfast", "Move it away"));
        coming.get(a, "/set?v=1");
        redis.kill();
        coming.get(a, "/set?v=2");
        assertThat(coming.get(a, "/get")).isEqualTo("2");
        redis.restart();
        await().untilAsserted(() -> assertThat(coming.get(b, "/get")).isEqualTo("2"));
        assertThat(journal()).hasBinaryContent(foreign);

        try (TomcatNode strict = nodeWithFile().setting("startup", "strict").start()) {
            assertThat(strict.isRunning()).isFalse();
            assertThat(log.with("because startup is strict")).isNotEmpty();
        }
    }

    @Test
    void a_file_is_used_by_one_node_at_a_time_and_applications_have_one_each() throws IOException {
        a = nodeWithFile().application("/other", new Notes().get()).start();
        assertThat(log.with("HF-632")).isEmpty();
        try (Stream<Path> files = Files.list(directory.path())) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertThat(names).hasSize(4).anyMatch(name -> name.startsWith("journal.localhost_other."));
        }
        try (TomcatNode second = nodeWithFile().start()) {
            assertThat(log.with("HF-632"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("in use"));
            assertThat(second.isRunning()).isTrue();
        }
    }
}
