package dev.holdfast.spec;

import dev.holdfast.testkit.FreePorts;
import dev.holdfast.testkit.RedisServer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.arquillian.config.descriptor.api.ArquillianDescriptor;
import org.jboss.arquillian.config.descriptor.api.ContainerDef;
import org.jboss.arquillian.config.descriptor.api.GroupDef;
import org.jboss.arquillian.container.test.spi.client.deployment.DeploymentScenarioGenerator;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.api.event.ManagerStopping;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Extends Arquillian: a Redis that lives as long as the nodes, free ports for them, and the applications of a test class. */
public final class Surroundings implements LoadableExtension {

    private static final Map<String, Integer> PORTS = new ConcurrentHashMap<>();

    @Override
    public void register(ExtensionBuilder builder) {
        builder.observer(Preparation.class);
        builder.service(DeploymentScenarioGenerator.class, Applications.class);
    }

    /** The address of a node, without a path. */
    static String url(String node) {
        return "http://127.0.0.1:" + Objects.requireNonNull(PORTS.get(node), node);
    }

    /** Made by Arquillian, once. */
    public static final class Preparation {

        private RedisServer redis;

        /** Before the nodes are made from the same description, and long before they start. */
        public void prepare(@Observes(precedence = 100) ArquillianDescriptor descriptor) {
            redis = RedisServer.start();
            // What META-INF/context.xml of the applications refers to; Tomcat replaces it.
            System.setProperty("holdfast.spec.redis", redis.uri());
            System.setProperty(
                    "holdfast.spec.users",
                    Surroundings.class.getResource("/users.xml").toString());
            Loopback.keepNodesThere();
            for (GroupDef group : descriptor.getGroups()) {
                for (ContainerDef node : group.getGroupContainers()) {
                    int port = FreePorts.next();
                    PORTS.put(node.getContainerName(), port);
                    node.property("bindHttpPort", String.valueOf(port));
                }
            }
        }

        /** After the nodes have stopped. */
        public void end(@Observes(precedence = -100) ManagerStopping event) {
            redis.close();
        }
    }
}
