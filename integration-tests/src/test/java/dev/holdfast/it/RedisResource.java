package dev.holdfast.it;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ContextResource;
import org.apache.tomcat.util.descriptor.web.ContextResourceLink;

/** A Redis client among the {@code <GlobalNamingResources>} of a node. */
final class RedisResource {

    static final String NAME = "redis/sessions";
    static final String TYPE = "dev.holdfast.tomcat.RedisClient";
    static final String NAME_FOR_APPLICATIONS = "java:comp/env/" + NAME;

    private final Map<String, String> attributes = new LinkedHashMap<>();

    RedisResource(String redisUri) {
        with("factory", "dev.holdfast.tomcat.RedisClientFactory");
        with("redis", redisUri);
    }

    RedisResource with(String name, String value) {
        attributes.put(name, value);
        return this;
    }

    RedisResource without(String name) {
        attributes.remove(name);
        return this;
    }

    /** A node with this resource, and a link to it in each of its web applications. */
    TomcatNode.Builder node() {
        return TomcatNode.builder().onTomcat(this::addTo).onContext(context -> {
            ContextResourceLink link = new ContextResourceLink();
            link.setName(NAME);
            link.setGlobal(NAME);
            link.setType(TYPE);
            context.getNamingResources().addResourceLink(link);
        });
    }

    private void addTo(Tomcat tomcat) {
        ContextResource resource = new ContextResource();
        resource.setName(NAME);
        resource.setType(TYPE);
        resource.setAuth("Container");
        attributes.forEach((name, value) -> {
            if (name.equals("singleton")) {
                resource.setSingleton(Boolean.parseBoolean(value));
            } else if (name.equals("closeMethod")) {
                resource.setCloseMethod(value);
            } else {
                resource.setProperty(name, value);
            }
        });
        tomcat.enableNaming();
        tomcat.getServer().getGlobalNamingResources().addResource(resource);
    }
}
