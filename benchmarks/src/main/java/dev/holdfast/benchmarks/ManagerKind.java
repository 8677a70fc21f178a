package dev.holdfast.benchmarks;

import dev.holdfast.tomcat.RedisSessionManager;
import org.apache.catalina.Manager;
import org.apache.catalina.session.StandardManager;

/** Who keeps the sessions of a node. */
enum ManagerKind {
    /** Holdfast: all nodes share the sessions. */
    HOLDFAST("Holdfast") {
        @Override
        Manager create(String redisUri) {
            RedisSessionManager manager = new RedisSessionManager();
            manager.setRedis(redisUri);
            return manager;
        }
    },

    /** Tomcat's own manager: each node has its own sessions. It looks as often as Holdfast sweeps, every 10 s. */
    MEMORY("StandardManager") {
        @Override
        Manager create(String redisUri) {
            StandardManager manager = new StandardManager();
            manager.setPathname("");
            manager.setProcessExpiresFrequency(1);
            return manager;
        }
    };

    final String title;

    ManagerKind(String title) {
        this.title = title;
    }

    abstract Manager create(String redisUri);
}
