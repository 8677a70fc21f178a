package dev.holdfast.spec;

import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Stops and starts an application on one node, as Tomcat's manager application does. */
final class Reload {

    private Reload() {}

    static void of(Place place, String node) {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            Set<ObjectName> names = beans.queryNames(
                    new ObjectName("node-" + node + ":j2eeType=WebModule,name=//127.0.0.1" + place.path() + ",*"),
                    null);
            beans.invoke(names.iterator().next(), "reload", new Object[0], new String[0]);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
