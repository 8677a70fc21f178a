package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RedisServer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Date;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators read and do through JMX: the usual bean of a session manager. */
class JmxIT {

    private static final String PASSWORD = "tell-nobody";
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private static RedisServer redis;
    private static TomcatNode a;
    private static TomcatNode b;

    @BeforeAll
    static void start() {
        redis = RedisServer.builder().password(PASSWORD).start();
        a = startNode();
        b = startNode();
    }

    private static TomcatNode startNode() {
        Application application = new Application()
                .on("/set", (request, response) -> request.getSession().setAttribute("value", "of the session"))
                .on("/get", (request, response) -> response.getWriter().print(request.getSession(false) != null));
        return TomcatNode.builder()
                .redis("redis://:" + PASSWORD + "@127.0.0.1:" + redis.port())
                .route("one")
                .application("/shop", application)
                .start();
    }

    @AfterAll
    static void stop() {
        a.close();
        b.close();
        redis.close();
    }

    private static Object attribute(TomcatNode node, String name) throws JMException {
        return SERVER.getAttribute(bean(node), name);
    }

    private static Object call(TomcatNode node, String operation, String... arguments) throws JMException {
        String[] signature = new String[arguments.length];
        Arrays.fill(signature, String.class.getName());
        return SERVER.invoke(bean(node), operation, arguments, signature);
    }

    private static ObjectName bean(TomcatNode node) {
        return node.manager().getObjectName();
    }

    @Test
    void the_manager_has_the_name_that_tools_look_for() {
        assertThat(bean(a).getKeyPropertyList())
                .containsEntry("type", "Manager")
                .containsEntry("host", "localhost")
                .containsEntry("context", "/shop");
        assertThat(SERVER.isRegistered(bean(a))).isTrue();
    }

    @Test
    void it_shows_its_attributes_and_no_password() throws JMException {
        assertThat(SERVER.getMBeanInfo(bean(a)).getAttributes())
                .extracting(MBeanAttributeInfo::getName)
                .contains(
                        "activeSessions",
                        "applicationName",
                        "expiredSessions",
                        "jvmRoute",
                        "maxActive",
                        "maxActiveSessions",
                        "processExpiresFrequency",
                        "redisLocation",
                        "rejectedSessions",
                        "sessionAverageAliveTime",
                        "sessionCounter",
                        "sessionCreateRate",
                        "sessionExpireRate",
                        "sessionMaxAliveTime",
                        "stateName",
                        "storeErrors")
                .doesNotContain("redis", "redissonConfig", "context", "engine", "sessionIdGenerator");
        assertEveryAttributeIsReadableAndHarmless(bean(a));
    }

    @Test
    void the_valve_is_a_bean_too() throws JMException {
        Set<ObjectName> valves = SERVER.queryNames(
                new ObjectName(bean(a).getDomain() + ":type=Valve,name=RequestBoundaryValve,*"), null);
        assertThat(valves).hasSize(1);
        for (ObjectName valve : valves) {
            assertThat(SERVER.getAttribute(valve, "stateName")).isEqualTo("STARTED");
            assertThat(SERVER.getAttribute(valve, "asyncSupported")).isEqualTo(true);
            assertEveryAttributeIsReadableAndHarmless(valve);
        }
    }

    private static void assertEveryAttributeIsReadableAndHarmless(ObjectName name) throws JMException {
        for (MBeanAttributeInfo info : SERVER.getMBeanInfo(name).getAttributes()) {
            assertThat(info.isReadable()).as("%s of %s", info.getName(), name).isTrue();
            Object value = SERVER.getAttribute(name, info.getName());
            assertThat(String.valueOf(value)).doesNotContain(PASSWORD);
        }
    }

    @Test
    void its_numbers_count_what_happened_on_the_node() throws JMException {
        long made = (long) attribute(a, "sessionCounter");
        long ended = (long) attribute(a, "expiredSessions");
        Browser browser = new Browser();
        browser.get(a, "/shop/set");
        browser.get(b, "/shop/get");

        assertThat(attribute(a, "sessionCounter")).isEqualTo(made + 1);
        assertThat((int) attribute(a, "activeSessions")).isPositive();
        assertThat((int) attribute(a, "maxActive")).isPositive();
        assertThat((int) attribute(b, "activeSessions")).isPositive();
        assertThat(attribute(a, "jvmRoute")).isEqualTo("one");
        assertThat(attribute(a, "stateName")).isEqualTo("STARTED");

        call(a, "expireSession", browser.sessionId());
        assertThat(attribute(a, "expiredSessions")).isEqualTo(ended + 1);
        assertThat(attribute(a, "sessionCounter")).isEqualTo(made + 1);
    }

    @Test
    void its_operations_show_a_session() throws JMException {
        long before = System.currentTimeMillis();
        Browser browser = new Browser();
        browser.get(a, "/shop/set");
        String id = browser.sessionId();

        assertThat((String) call(a, "listSessionIds")).contains(id + " ");
        assertThat(call(a, "getSessionAttribute", id, "value")).isEqualTo("of the session");
        assertThat(call(a, "getSessionAttribute", id, "other")).isNull();
        long created = (long) call(a, "getCreationTimestamp", id);
        assertThat(created).isBetween(before, System.currentTimeMillis());
        assertThat(call(a, "getCreationTime", id)).isEqualTo(new Date(created).toString());
        long accessed = (long) call(a, "getLastAccessedTimestamp", id);
        assertThat(accessed).isBetween(before, System.currentTimeMillis());
        assertThat(call(a, "getLastAccessedTime", id)).isEqualTo(new Date(accessed).toString());
    }

    @Test
    void a_session_is_ended_on_all_nodes_also_by_a_node_that_never_saw_it() throws JMException {
        Browser browser = new Browser();
        browser.get(a, "/shop/set");
        assertThat((String) call(b, "listSessionIds")).doesNotContain(browser.sessionId());

        call(b, "expireSession", browser.sessionId());

        assertThat(browser.get(a, "/shop/get")).isEqualTo("false");
        assertThat(browser.get(b, "/shop/get")).isEqualTo("false");
        assertThat(redis.keys("*" + browser.sessionId() + "*")).isEmpty();
        call(a, "expireSession", browser.sessionId());
    }

    @Test
    void an_operator_ends_any_session_by_its_id_and_is_told_whether_there_was_one() throws JMException {
        Browser browser = new Browser();
        browser.get(a, "/shop/set");

        assertThat(call(b, "endSession", browser.sessionId() + ".one")).isEqualTo(true);

        assertThat(browser.get(a, "/shop/get")).isEqualTo("false");
        assertThat(redis.keys("*" + browser.sessionId() + "*")).isEmpty();
        assertThat(call(b, "endSession", browser.sessionId())).isEqualTo(false);
        assertThat(call(a, "endSession", "no session")).isEqualTo(false);
    }

    @Test
    void the_sessions_of_all_nodes_are_listed() throws JMException {
        Browser onA = new Browser();
        onA.get(a, "/shop/set");
        Browser onB = new Browser();
        onB.get(b, "/shop/set");

        for (TomcatNode node : new TomcatNode[] {a, b}) {
            assertThat((String) call(node, "listAllSessionIds"))
                    .contains(onA.sessionId() + " ")
                    .contains(onB.sessionId() + " ");
            assertThat(node.manager().getSessionIdsFull()).contains(onA.sessionId(), onB.sessionId());
            assertThat(node.manager().getActiveSessionsFull())
                    .isEqualTo(node.manager().getSessionIdsFull().size());
        }
        call(a, "endSession", onB.sessionId());
        assertThat((String) call(b, "listAllSessionIds")).doesNotContain(onB.sessionId());
    }

    @Test
    void it_tells_whose_sessions_it_keeps_and_where() throws JMException {
        assertThat(attribute(a, "applicationName")).isEqualTo("localhost/shop");
        assertThat(attribute(a, "redisLocation")).isEqualTo("redis://:***@127.0.0.1:" + redis.port());
    }

    @Test
    void what_failed_is_counted_by_operation_and_type() throws Exception {
        Application application = new Application()
                .on("/set", (request, response) -> request.getSession().setAttribute("n", request.getParameter("n")))
                .on(
                        "/keep",
                        (request, response) -> request.getSession().setAttribute("thread", Thread.currentThread()));
        try (RedisServer ofItsOwn = RedisServer.builder().start();
                TomcatNode node = TomcatNode.builder()
                        .redis(ofItsOwn.uri())
                        .setting("sweepInterval", "10m")
                        .application("", application)
                        .start()) {
            Browser browser = new Browser();
            browser.get(node, "/set?n=1");
            assertThat(attribute(node, "storeErrors")).isEqualTo("");
            browser.get(node, "/keep");
            assertThat(attribute(node, "storeErrors")).isEqualTo("encode/codec=1");
            ofItsOwn.text("CONFIG", "SET", "maxmemory", "1");
            browser.get(node, "/set?n=2");
            assertThat((String) attribute(node, "storeErrors"))
                    .contains("encode/codec=")
                    .contains("load/oom=1");
            ofItsOwn.text("CONFIG", "SET", "maxmemory", "0");
        }
    }

    @Test
    void no_look_up_writes_a_whole_session_id_into_the_log() throws JMException {
        Browser browser = new Browser();
        browser.get(a, "/shop/set");
        String id = browser.sessionId();

        try (LogRecords log = new LogRecords()) {
            assertThat(call(b, "getSessionAttribute", id, "value")).isNull();
            assertThat(call(b, "getCreationTimestamp", id)).isEqualTo(-1L);
            assertThat(call(b, "getCreationTime", id)).isEqualTo("");
            assertThat(call(b, "getLastAccessedTimestamp", id)).isEqualTo(-1L);
            assertThat(call(b, "getLastAccessedTime", id)).isEqualTo("");
            assertThat(b.manager().getThisAccessedTimestamp(id)).isEqualTo(-1L);
            assertThat(b.manager().getThisAccessedTime(id)).isEmpty();
            assertThat(b.manager().getSession(id)).isNull();

            assertThat(log.with("This node has no copy of session " + id.substring(0, 4) + "…"))
                    .hasSize(8);
            assertThat(log.with(id)).isEmpty();
        }
        assertThat(a.manager().getSession(id)).containsEntry("value", "of the session");
        assertThat(a.manager().getThisAccessedTimestamp(id)).isPositive();
        assertThat(a.manager().getThisAccessedTime(id)).isNotEmpty();
    }

    @Test
    void the_background_run_drops_nothing_that_is_in_use() throws JMException {
        Browser browser = new Browser();
        browser.get(a, "/shop/set");

        call(a, "backgroundProcess");

        assertThat(call(a, "getSessionAttribute", browser.sessionId(), "value")).isEqualTo("of the session");
        assertThat(browser.get(b, "/shop/get")).isEqualTo("true");
    }

    @Test
    void the_bean_is_gone_with_its_node() {
        ObjectName name;
        try (TomcatNode brief = startNode()) {
            name = bean(brief);
            assertThat(SERVER.isRegistered(name)).isTrue();
        }
        assertThat(SERVER.isRegistered(name)).isFalse();
    }
}
