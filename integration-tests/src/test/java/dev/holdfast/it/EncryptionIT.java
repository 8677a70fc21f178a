package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.RedisServer;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.catalina.Session;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code encryptionKeys}, Redis holds nothing of a session that can be read, and nothing that can be forged. */
class EncryptionIT {

    static final String ONE = "k1:5Qm0zZ7oH1kq3hZ8yq1x3N4l0o6mJp0aWm2rV9cT7uE=";
    private static final String TWO = "k2:1vYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";
    private static final String OTHER_ONE = "k1:zzYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=";

    /** In every value that is secret. Kryo marks the last character of a text, so others follow. */
    private static final String SECRET = "Hic-sunt-leones";

    private static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();
    private static volatile Gate gate = new Gate();

    /** What an application keeps: a text in an object that changes in place. */
    static final class Note implements Serializable {
        private static final long serialVersionUID = 1L;
        private String text = "";
    }

    private static Application application() {
        return new Application()
                .on(
                        "/set",
                        (request, response) -> request.getSession()
                                .setAttribute(request.getParameter("n"), SECRET + ":" + request.getParameter("v")))
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    Object value = session == null ? "no session" : session.getAttribute(request.getParameter("n"));
                    response.getWriter().print(String.valueOf(value).replace(SECRET + ":", ""));
                })
                .on("/note", (request, response) -> {
                    HttpSession session = request.getSession();
                    Note note = (Note) session.getAttribute("note");
                    if (note == null) {
                        note = new Note();
                        session.setAttribute("note", note);
                    }
                    note.text = SECRET + ":" + request.getParameter("v");
                })
                .on("/rename", (request, response) -> request.changeSessionId())
                .on("/late", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    session.getAttribute("n");
                    gate.pass();
                    session.setAttribute("late", SECRET + ":late");
                })
                .on("/end", (request, response) -> request.getSession(false).invalidate())
                .on("/brief", (request, response) -> request.getSession().setMaxInactiveInterval(1))
                .on("/login", (request, response) -> request.login("alice", SECRET))
                .on("/who", (request, response) -> response.getWriter().print(request.getRemoteUser()));
    }

    /** Knows one user. */
    private static final class OneUser extends RealmBase {
        @Override
        protected String getPassword(String username) {
            return SECRET;
        }

        @Override
        protected Principal getPrincipal(String username) {
            return new GenericPrincipal(username, List.of(SECRET + "-role"));
        }
    }

    /** Tells what the listener of a session whose time is over can still read. */
    private static final class Farewell implements HttpSessionListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            EVENTS.add("farewell " + event.getSession().getAttribute("n"));
        }
    }

    private final RedisServer redis = RedisServer.builder().persistent().start();
    private final LogRecords log = new LogRecords();
    private final List<TomcatNode> nodes = new ArrayList<>();
    private final Browser browser = new Browser();

    @AfterEach
    void stop() {
        nodes.forEach(TomcatNode::close);
        redis.close();
        log.close();
        EVENTS.clear();
    }

    /** @param settings names and values in turn */
    private TomcatNode node(String... settings) {
        TomcatNode.Builder builder = TomcatNode.builder()
                .redis(redis.uri())
                .setting("operationTimeout", "500ms")
                .setting("openInterval", "100ms")
                .onManager(manager -> {
                    manager.setPersistAuthentication(true);
                    manager.setPersistPasswords(true);
                })
                .onContext(context -> {
                    context.setRealm(new OneUser());
                    ((StandardContext) context).addApplicationLifecycleListener(new Farewell());
                })
                .application("", application());
        for (int i = 0; i < settings.length; i += 2) {
            builder.setting(settings[i], settings[i + 1]);
        }
        TomcatNode node = builder.start();
        nodes.add(node);
        return node;
    }

    private TomcatNode encrypting(String keys) {
        return node("encryptionKeys", keys);
    }

    private void stop(TomcatNode node) {
        node.close();
        nodes.remove(node);
    }

    // ---- nothing can be read -------------------------------------------------------------------------------------

    @Test
    void nothing_of_what_a_session_holds_can_be_read_in_redis() {
        TomcatNode a = encrypting(ONE);
        TomcatNode b = encrypting(ONE);
        browser.get(a, "/set?n=n&v=1");
        browser.get(b, "/note?v=1");
        browser.get(a, "/note?v=2");
        browser.get(a, "/login");
        browser.get(b, "/rename");
        browser.get(b, "/set?n=m&v=2");

        assertThat(browser.get(b, "/who")).isEqualTo("alice");
        assertThat(browser.get(a, "/get?n=n") + browser.get(a, "/get?n=m")).isEqualTo("12");
        String all = everythingIn(redis);
        assertThat(all).contains("an", "am").doesNotContain(SECRET, "alice", Note.class.getName());

        TomcatNode plain = node("applicationName", "plain");
        new Browser().get(plain, "/set?n=n&v=1");
        assertThat(everythingIn(redis)).as("the dump would have shown it").contains(SECRET);
    }

    @Test
    void keys_are_shown_nowhere() throws Exception {
        String secret = ONE.substring("k1:".length());
        TomcatNode a = encrypting(ONE);
        browser.get(a, "/set?n=n&v=1");
        TomcatNode wrong = node("encryptionKeys", ONE + "x");
        assertThat(wrong.isRunning()).isFalse();
        assertThat(log.with("the key k1 is not base64")).isNotEmpty();

        assertThat(log.with(secret.substring(0, 10))).isEmpty();
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : beans.queryNames(null, null)) {
            for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
                if (name.getKeyProperty("type") != null
                        && name.getKeyProperty("type").contains("Manager")
                        && attribute.isReadable()) {
                    assertThat(String.valueOf(valueOf(beans, name, attribute.getName())))
                            .doesNotContain(secret.substring(0, 10));
                }
            }
        }
        assertThat(a.manager().toString()).doesNotContain(secret.substring(0, 10));
    }

    private static Object valueOf(MBeanServer beans, ObjectName name, String attribute) {
        try {
            return beans.getAttribute(name, attribute);
        } catch (Exception notNow) {
            return "";
        }
    }

    // ---- rotation ------------------------------------------------------------------------------------------------

    /** Two nodes that are given new keys one after the other, while a user goes back and forth. */
    @Test
    void keys_are_exchanged_without_downtime() {
        TomcatNode a = encrypting(ONE);
        TomcatNode b = encrypting(ONE);
        browser.get(a, "/set?n=n&v=0");
        browser.get(b, "/note?v=0");

        int step = 0;
        for (String keys : List.of(ONE + "," + TWO, TWO + "," + ONE, TWO)) {
            if (keys.equals(TWO)) {
                // What was encrypted with the old key has been written again, or its session is over.
                browser.get(a, "/set?n=n&v=" + step);
                browser.get(a, "/note?v=" + step);
            }
            stop(a);
            a = encrypting(keys);
            step = backAndForth(a, b, step);
            stop(b);
            b = encrypting(keys);
            step = backAndForth(a, b, step);
        }

        assertThat(log.with("HF-23")).isEmpty();
        assertThat(everythingIn(redis)).doesNotContain(SECRET);
    }

    private int backAndForth(TomcatNode a, TomcatNode b, int step) {
        for (TomcatNode writer : List.of(a, b)) {
            TomcatNode reader = writer == a ? b : a;
            assertThat(browser.get(reader, "/get?n=n")).isEqualTo("" + step);
            assertThat(browser.get(writer, "/get?n=n")).isEqualTo("" + step);
            step++;
            browser.get(writer, "/set?n=n&v=" + step);
            browser.get(writer, "/note?v=" + step);
            browser.get(writer, "/rename");
        }
        return step;
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void a_node_without_the_key_loses_nothing_and_says_so_once(boolean unknown) {
        TomcatNode a = encrypting(ONE);
        TomcatNode b = encrypting(unknown ? TWO : OTHER_ONE);
        browser.get(a, "/set?n=n&v=1");
        Browser second = new Browser();
        second.get(a, "/set?n=n&v=1");

        assertThat(browser.get(b, "/get?n=n")).isEqualTo("null");
        assertThat(second.get(b, "/get?n=n")).isEqualTo("null");
        browser.get(b, "/set?n=m&v=2");
        assertThat(browser.get(b, "/get?n=m")).isEqualTo("2");
        browser.get(b, "/note?v=2");

        assertThat(browser.get(a, "/get?n=n")).isEqualTo("1");
        assertThat(browser.get(a, "/get?n=m")).isEqualTo("null");
        List<LogRecords.Line> told = log.with(unknown ? "HF-230" : "HF-231");
        assertThat(told).isNotEmpty().allMatch(line -> line.text().contains("\"k"));
        assertThat(log.with(unknown ? "key \"k1\"" : "HF-231")).hasSize(unknown ? 1 : 2);
        assertThat(log.with("HF-301")).isEmpty();
        assertThat(b.manager().getStoreErrors()).contains("decode/codec=");

        // With both keys, all of it is there.
        if (unknown) {
            stop(b);
            TomcatNode both = encrypting(TWO + "," + ONE);
            assertThat(browser.get(both, "/get?n=n") + browser.get(both, "/get?n=m"))
                    .isEqualTo("12");
        }
    }

    @Test
    void a_node_without_the_key_may_change_the_id_and_lose_the_data_of_redis() {
        TomcatNode a = encrypting(ONE);
        TomcatNode b = encrypting(TWO);
        browser.get(a, "/set?n=n&v=1");
        browser.get(b, "/set?n=m&v=2");
        browser.get(b, "/rename");
        stop(a);
        redis.flushAll();
        browser.get(b, "/set?n=m&v=3");

        TomcatNode both = encrypting(TWO + "," + ONE);

        assertThat(browser.get(both, "/get?n=m")).isEqualTo("3");
        assertThat(browser.get(both, "/get?n=n")).isEqualTo("1");
    }

    // ---- the way there and back ----------------------------------------------------------------------------------

    @Test
    void sessions_of_before_go_on_while_nodes_migrate_one_by_one() {
        TomcatNode a = node();
        TomcatNode b = node();
        browser.get(a, "/set?n=n&v=0");
        int step = 0;
        for (String mode : List.of("off", "migrate", "on")) {
            if (mode.equals("on")) {
                // Sessions of before are over, or have been written again.
                browser.get(a, "/set?n=n&v=" + step);
                browser.get(a, "/note?v=" + step);
            }
            stop(a);
            a = node("encryption", mode, "encryptionKeys", ONE);
            step = backAndForth(a, b, step);
            stop(b);
            b = node("encryption", mode, "encryptionKeys", ONE);
            step = backAndForth(a, b, step);
        }
        assertThat(log.with("HF-230")).isEmpty();
        assertThat(log.with("HF-231")).isEmpty();
        assertThat(log.with("HF-232")).isEmpty();
        assertThat(everythingIn(redis)).doesNotContain(SECRET);
    }

    @Test
    void what_is_not_encrypted_is_refused_when_encryption_is_on_and_stays() {
        TomcatNode plain = node();
        browser.get(plain, "/set?n=n&v=1");
        TomcatNode on = encrypting(ONE);

        assertThat(browser.get(on, "/get?n=n")).isEqualTo("null");
        browser.get(on, "/set?n=m&v=2");

        assertThat(log.with("HF-232")).hasSize(1);
        assertThat(browser.get(on, "/get?n=m")).isEqualTo("2");
        assertThat(browser.get(plain, "/get?n=n")).isEqualTo("1");
        assertThat(browser.get(plain, "/get?n=m")).isEqualTo("null");
        TomcatNode migrating = node("encryption", "migrate", "encryptionKeys", ONE);
        assertThat(browser.get(migrating, "/get?n=n") + browser.get(migrating, "/get?n=m"))
                .isEqualTo("12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "migrate"})
    void encryption_without_keys_is_refused(String mode) {
        TomcatNode node = node("encryption", mode);

        assertThat(node.isRunning()).isFalse();
        assertThat(log.with("there are no keys")).isNotEmpty();
    }

    @Test
    void keys_may_stand_in_a_file() throws IOException {
        try (Directory directory = Directory.temporary()) {
            Path file = directory.path().resolve("holdfast.keys");
            Files.writeString(file, "# of May\n" + TWO + "\n# of April\n" + ONE + "\n");
            TomcatNode a = encrypting(ONE);
            TomcatNode b = node("encryptionKeysFile", file.toString());
            browser.get(a, "/set?n=n&v=1");
            assertThat(browser.get(b, "/get?n=n")).isEqualTo("1");
        }
    }

    // ---- who writes to Redis -------------------------------------------------------------------------------------

    @Test
    void who_writes_to_redis_can_neither_move_nor_forge_a_value() {
        TomcatNode a = encrypting(ONE);
        TomcatNode b = encrypting(ONE);
        Browser mallory = new Browser();
        browser.get(a, "/set?n=role&v=admin");
        mallory.get(a, "/set?n=role&v=guest");
        mallory.get(a, "/set?n=name&v=mallory");
        String hers = record(browser);
        String his = record(mallory);

        copy(hers, "arole", his, "arole");
        assertThat(mallory.twin().get(b, "/get?n=role"))
                .as("of another session")
                .isEqualTo("null");
        copy(his, "aname", his, "arole");
        assertThat(mallory.twin().get(b, "/get?n=name")).isEqualTo("mallory");
        TomcatNode third = encrypting(ONE);
        assertThat(mallory.twin().get(third, "/get?n=role"))
                .as("of another attribute")
                .isEqualTo("null");
        assertThat(log.with("HF-231")).isNotEmpty();
        assertThat(browser.get(b, "/get?n=role")).isEqualTo("admin");
    }

    private String record(Browser of) {
        return redis.keys("*:s:" + of.sessionId()).first();
    }

    private void copy(String from, String field, String to, String toField) {
        byte[] value = (byte[]) redis.command(bytes("HGET"), bytes(from), bytes(field));
        redis.command(bytes("HSET"), bytes(to), bytes(toField), value);
    }

    // ---- ids that nobody can use ---------------------------------------------------------------------------------

    @Test
    void no_session_id_can_be_read_in_redis_with_opaque_ids() {
        String keys = ONE + ",ids:" + TWO.substring("k2:".length());
        String[] settings = {"encryptionKeys", keys, "opaqueIds", "true", "lock", "request", "sweepInterval", "1s"};
        TomcatNode a = node(settings);
        TomcatNode b = node(settings);
        List<String> ids = new ArrayList<>();
        browser.get(a, "/set?n=n&v=1");
        ids.add(browser.sessionId());
        browser.get(b, "/rename");
        ids.add(browser.sessionId());
        browser.get(b, "/login");
        Browser leaving = new Browser();
        leaving.get(b, "/set?n=n&v=1");
        ids.add(leaving.sessionId());
        leaving.get(a, "/get?n=n");
        String old = leaving.cookie();
        leaving.get(a, "/end");
        Browser brief = new Browser();
        brief.get(a, "/set?n=n&v=3");
        brief.get(a, "/brief");

        assertThat(everythingIn(redis)).doesNotContain(ids).doesNotContain(SECRET);
        assertThat(browser.get(a, "/get?n=n")).isEqualTo("1");
        assertThat(new Browser().cookie(old).get(b, "/get?n=n")).isEqualTo("no session");
        assertThat(a.manager().listAllSessionIds()).contains(browser.sessionId());
        await().untilAsserted(() -> assertThat(EVENTS).contains("farewell " + SECRET + ":3"));

        TomcatNode other = node("encryptionKeys", ONE);
        assertThat(other.isRunning()).isFalse();
        assertThat(log.with("HF-235")).isNotEmpty();
    }

    // ---- a change of id ------------------------------------------------------------------------------------------

    @Test
    void a_session_keeps_everything_through_many_changes_of_its_id() {
        TomcatNode a = encrypting(ONE);
        TomcatNode b = encrypting(ONE);
        browser.get(a, "/set?n=first&v=0");
        for (int i = 1; i <= 40; i++) {
            browser.get(i % 2 == 0 ? a : b, "/rename");
            browser.get(i % 2 == 0 ? b : a, "/set?n=n&v=" + i);
        }

        TomcatNode fresh = encrypting(ONE);
        assertThat(browser.get(fresh, "/get?n=n")).isEqualTo("40");
        assertThat(browser.get(fresh, "/get?n=first")).isEqualTo("0");
        assertThat((Long) redis.command("HSTRLEN", record(browser), "k")).isLessThan(1200L);
        assertThat(log.with("HF-231")).isEmpty();
    }

    @Test
    void what_does_not_open_is_kept_through_many_changes_of_the_id_and_does_not_make_each_of_them_dearer() {
        TomcatNode a = encrypting(ONE);
        TomcatNode b = encrypting(TWO);
        browser.get(a, "/set?n=n&v=1");
        browser.get(b, "/set?n=m&v=2");
        browser.get(b, "/rename");
        int changes = 40;
        redis.resetStats();
        for (int i = 0; i < changes; i++) {
            browser.get(b, "/rename");
        }
        // Each looks for the session and renames it. A few times, the values are loaded and encrypted anew.
        long calls = redis.calls("evalsha") + redis.calls("eval");
        assertThat(calls).isBetween(2L * changes + 2, 2L * changes + 10);

        TomcatNode both = encrypting(TWO + "," + ONE);
        assertThat(browser.get(both, "/get?n=n") + browser.get(both, "/get?n=m"))
                .isEqualTo("12");
        for (int i = 0; i < 20; i++) {
            browser.get(both, "/rename");
        }
        assertThat((Long) redis.command("HSTRLEN", record(browser), "k")).isLessThan(1200L);
        TomcatNode fresh = encrypting(TWO + "," + ONE);
        assertThat(browser.get(fresh, "/get?n=n") + browser.get(fresh, "/get?n=m"))
                .isEqualTo("12");
    }

    @Test
    void a_request_that_still_runs_under_the_old_id_commits_to_the_new_one() throws Exception {
        gate = new Gate();
        TomcatNode a = encrypting(ONE);
        TomcatNode b = encrypting(ONE);
        browser.get(a, "/set?n=n&v=1");
        CompletableFuture<?> late = browser.twin().async(b, "/late");
        gate.awaitArrival();
        browser.get(a, "/rename");
        gate.open();
        late.join();

        TomcatNode fresh = encrypting(ONE);
        assertThat(browser.get(fresh, "/get?n=n") + " " + browser.get(fresh, "/get?n=late"))
                .isEqualTo("1 late");
    }

    @Test
    void a_session_moves_into_another_partition() {
        TomcatNode a = node("encryptionKeys", ONE, "partitions", "1024");
        TomcatNode b = node("encryptionKeys", ONE, "partitions", "1024");
        browser.get(a, "/set?n=n&v=1");
        browser.get(a, "/rename");
        String id = UUID.randomUUID().toString().replace("-", "").toUpperCase(Locale.ROOT);
        String before = record(browser);
        Session session = a.manager().findSession(browser.sessionId());
        a.manager().changeSessionId(session, id);
        browser.cookie(id);

        assertThat(record(browser).replaceAll(":s:.*", "")).isNotEqualTo(before.replaceAll(":s:.*", ""));
        assertThat(browser.get(b, "/get?n=n")).isEqualTo("1");
        assertThat(everythingIn(redis)).doesNotContain(SECRET);
    }

    // ---- the end and outages -------------------------------------------------------------------------------------

    @Test
    void listeners_of_a_session_whose_time_is_over_read_it_on_a_node_that_never_saw_it() {
        TomcatNode a = node("encryptionKeys", ONE, "sweepInterval", "10m");
        browser.get(a, "/set?n=n&v=1");
        browser.get(a, "/rename");
        browser.get(a, "/brief");
        stop(a);
        node("encryptionKeys", ONE, "sweepInterval", "1s");

        await().untilAsserted(() -> assertThat(EVENTS).containsExactly("farewell " + SECRET + ":1"));
    }

    @Test
    void the_journal_file_of_an_outage_shows_nothing_and_loses_nothing() {
        try (Directory directory = Directory.temporary()) {
            String journal = directory.path().resolve("journal").toString();
            String[] settings = {"encryptionKeys", ONE, "journalFile", journal, "shutdownTimeout", "2s"};
            TomcatNode a = node(settings);
            TomcatNode b = encrypting(ONE);
            browser.get(a, "/set?n=n&v=1");
            Browser renaming = new Browser();
            renaming.get(a, "/set?n=n&v=1");
            Browser coming = new Browser();

            redis.kill();
            browser.get(a, "/set?n=n&v=2");
            renaming.get(a, "/rename");
            coming.get(a, "/set?n=n&v=new");
            String id = coming.sessionId();
            stop(a);
            assertThat(contentOf(directory.path())).doesNotContain(SECRET, id).contains("HOLDFASTJ");

            a = node(settings[0], TWO + "," + ONE, settings[2], settings[3], settings[4], settings[5]);
            assertThat(coming.get(a, "/get?n=n")).isEqualTo("new");
            redis.restart();
            stop(b);
            TomcatNode both = encrypting(TWO + "," + ONE);
            await().untilAsserted(
                            () -> assertThat(browser.get(both, "/get?n=n")).isEqualTo("2"));
            await().untilAsserted(() ->
                    assertThat(renaming.twin().get(both, "/get?n=n")).isEqualTo("1"));
            await().untilAsserted(() ->
                    assertThat(coming.twin().get(both, "/get?n=n")).isEqualTo("new"));
            assertThat(everythingIn(redis)).doesNotContain(SECRET);
        }
    }

    private static String contentOf(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.toList()) {
                all.append(Files.readString(file, ISO_8859_1));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- what is in Redis ----------------------------------------------------------------------------------------

    private static String everythingIn(RedisServer redis) {
        StringBuilder all = new StringBuilder();
        for (String key : redis.keys("*")) {
            all.append(key).append('\n');
            String type = redis.text("TYPE", key);
            Object content = switch (type) {
                case "hash" -> redis.command(bytes("HGETALL"), bytes(key));
                case "zset" -> redis.command(bytes("ZRANGE"), bytes(key), bytes("0"), bytes("-1"));
                case "string" -> redis.command(bytes("GET"), bytes(key));
                default -> throw new AssertionError(key + " is a " + type);
            };
            append(content, all);
        }
        return all.toString();
    }

    private static void append(Object content, StringBuilder all) {
        if (content instanceof List<?> items) {
            items.forEach(item -> append(item, all));
        } else if (content instanceof byte[] value) {
            all.append(new String(value, ISO_8859_1)).append('\n');
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
