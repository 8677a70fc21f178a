package dev.holdfast.codec;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/** Proxies of a CDI container that runs. */
final class WeldCases {

    private WeldCases() {}

    /** A bean as applications write them. */
    @ApplicationScoped
    public static class Greeting {
        public String greet() {
            return "hello";
        }
    }

    static Map<String, Supplier<Object>> all() {
        CaseList all = new CaseList();
        all.add("a client proxy", WeldCases::proxy);
        all.add("a bean that holds a client proxy", () -> new Model.Box<>(proxy(), new ArrayList<>(List.of(proxy()))));
        all.add("a client proxy that is shared", () -> {
            Serializable proxy = proxy();
            return new ArrayList<>(List.of(proxy, "x", proxy));
        });
        return all.all();
    }

    private static Serializable proxy() {
        return (Serializable) Running.CONTAINER.select(Greeting.class).get();
    }

    /** Started once for all tests; it has no port, no file and no thread that would need an end. */
    private static final class Running {
        private static final WeldContainer CONTAINER =
                new Weld().disableDiscovery().addBeanClass(Greeting.class).initialize();
    }
}
