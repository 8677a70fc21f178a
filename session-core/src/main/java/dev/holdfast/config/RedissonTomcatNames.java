package dev.holdfast.config;

import java.util.Map;
import java.util.Set;

/** Attributes of redisson-tomcat that people bring along: what they are called here, or why they are not needed. */
final class RedissonTomcatNames {

    /** Means the same as our {@code redissonConfig}; {@code keyPrefix} even has the same name. */
    static final String CONFIG_PATH = "configPath";

    private static final Map<String, String> NOTICES = Map.of(
            CONFIG_PATH,
            "is called redissonConfig in Holdfast, and is read as that",
            "readMode",
            "is not needed: every request asks Redis once what changed, and then reads attributes from memory",
            "updateMode",
            "is not needed: every request writes what it changed, also inside of objects, before its response leaves",
            "broadcastSessionEvents",
            "is not needed: a listener is called once, on the node where the session changed",
            "broadcastSessionUpdates",
            "is not needed: every request asks Redis once what other nodes changed",
            "jndiName",
            "is not used: redis or redissonConfig says where Redis is, or client names a Redis client of Holdfast's");

    private RedissonTomcatNames() {}

    static Set<String> all() {
        return NOTICES.keySet();
    }

    static boolean contains(String name) {
        return NOTICES.containsKey(name);
    }

    static String notice(RawSetting setting) {
        return "HF-003 " + setting.name() + setting.origin().place() + " is a name of redisson-tomcat. It "
                + NOTICES.get(setting.name());
    }
}
