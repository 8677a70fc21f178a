package dev.holdfast.codec;

import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderColumn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.jspecify.annotations.Nullable;

/** Entities, collections and proxies of Hibernate, as they are after the session of Hibernate has been closed. */
final class HibernateCases {

    private HibernateCases() {}

    /** The owner of the collections. */
    @Entity(name = "customer")
    public static class Customer implements Serializable {
        @Id
        private long id;

        private String name = "";

        @OneToMany(mappedBy = "customer", cascade = CascadeType.ALL)
        private List<Purchase> purchases = new ArrayList<>();

        @ElementCollection
        private Set<String> tags = new HashSet<>();

        @ElementCollection
        private Map<String, Integer> scores = new HashMap<>();

        @ElementCollection
        @OrderColumn
        private List<String> notes = new ArrayList<>();

        protected Customer() {}

        public String getName() {
            return name;
        }
    }

    /** What refers to the owner. */
    @Entity(name = "purchase")
    public static class Purchase implements Serializable {
        @Id
        private long id;

        @ManyToOne(fetch = FetchType.LAZY)
        private @Nullable Customer customer;

        protected Purchase() {}
    }

    static Map<String, Supplier<Object>> all() {
        CaseList all = new CaseList();
        all.add(
                "an entity with collections that were read",
                () -> read(session -> {
                    Customer customer = session.find(Customer.class, 1L);
                    Hibernate.initialize(customer.purchases);
                    Hibernate.initialize(customer.tags);
                    Hibernate.initialize(customer.scores);
                    Hibernate.initialize(customer.notes);
                    return customer;
                }));
        all.add(
                "an entity with collections that were not read",
                () -> read(session -> session.find(Customer.class, 1L)));
        all.add("a persistent bag", () -> read(session -> initialized(session.find(Customer.class, 1L).purchases)));
        all.add("a persistent set", () -> read(session -> initialized(session.find(Customer.class, 1L).tags)));
        all.add("a persistent map", () -> read(session -> initialized(session.find(Customer.class, 1L).scores)));
        all.add("a persistent list", () -> read(session -> initialized(session.find(Customer.class, 1L).notes)));
        all.add("a persistent set that was not read", () -> read(session -> session.find(Customer.class, 1L).tags));
        all.add("a proxy that was not read", () -> read(session -> session.getReference(Customer.class, 1L)));
        all.add("a proxy that was read", () -> read(session -> initialized(session.getReference(Customer.class, 1L))));
        all.add("an entity that refers to a proxy", () -> read(session -> session.find(Purchase.class, 10L)));
        return all.all();
    }

    private static <T> T initialized(T object) {
        Hibernate.initialize(object);
        return object;
    }

    private static Object read(Function<Session, Object> reading) {
        try (Session session = Running.FACTORY.openSession()) {
            return reading.apply(session);
        }
    }

    /** Opened once for all tests, on a database in memory. */
    private static final class Running {
        private static final SessionFactory FACTORY = open();

        private static SessionFactory open() {
            SessionFactory factory = new Configuration()
                    .addAnnotatedClass(Customer.class)
                    .addAnnotatedClass(Purchase.class)
                    .setProperty("hibernate.connection.url", "jdbc:h2:mem:corpus;DB_CLOSE_DELAY=-1")
                    .setProperty("hibernate.hbm2ddl.auto", "create")
                    .buildSessionFactory();
            factory.inTransaction(session -> {
                Customer customer = new Customer();
                customer.id = 1;
                customer.name = "Ada";
                customer.tags.addAll(List.of("new", "kind"));
                customer.scores.put("a", 5);
                customer.notes.addAll(List.of("first", "second"));
                Purchase purchase = new Purchase();
                purchase.id = 10;
                purchase.customer = customer;
                customer.purchases.add(purchase);
                session.persist(customer);
            });
            return factory;
        }
    }
}
