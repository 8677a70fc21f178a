package dev.holdfast.spec;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.Notification;
import javax.management.ObjectName;
import org.apache.catalina.Engine;
import org.apache.catalina.connector.Connector;

/**
 * Keeps nodes off the network. Arquillian's container has a setting for the name of its host, but lets its connector listen
 * on all interfaces. An engine makes itself known to JMX before the connectors of its service bind their ports: time enough
 * to tell them where.
 */
final class Loopback {

    private Loopback() {}

    static void keepNodesThere() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            beans.addNotificationListener(
                    MBeanServerDelegate.DELEGATE_NAME,
                    (notification, handback) -> bindConnectors(beans, notification),
                    null,
                    null);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void bindConnectors(MBeanServer beans, Notification notification) {
        if (!(notification instanceof MBeanServerNotification change)
                || !change.getType().equals(MBeanServerNotification.REGISTRATION_NOTIFICATION)
                || !"Engine".equals(change.getMBeanName().getKeyProperty("type"))) {
            return;
        }
        for (Connector connector :
                engine(beans, change.getMBeanName()).getService().findConnectors()) {
            connector.setProperty("address", "127.0.0.1");
        }
    }

    private static Engine engine(MBeanServer beans, ObjectName name) {
        try {
            return (Engine) beans.getAttribute(name, "managedResource");
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
