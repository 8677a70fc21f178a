package dev.holdfast.codec;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.google.common.base.Optional;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.EvictingQueue;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.HashBiMap;
import com.google.common.collect.HashMultimap;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.Ordering;
import com.google.common.collect.Range;
import com.google.common.collect.TreeMultimap;
import com.google.common.collect.TreeMultiset;
import com.google.common.hash.HashCode;
import com.google.common.net.HostAndPort;
import com.google.common.primitives.UnsignedLong;
import com.sun.faces.util.LRUMap;
import io.vavr.Lazy;
import io.vavr.Tuple;
import io.vavr.collection.CharSeq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Try;
import io.vavr.control.Validation;
import jakarta.faces.application.FacesMessage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import kotlin.Pair;
import kotlin.Triple;
import kotlin.collections.CollectionsKt;
import kotlin.collections.MapsKt;
import kotlin.collections.SetsKt;
import kotlin.ranges.IntRange;
import kotlin.text.Regex;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.Days;
import org.joda.time.Interval;
import org.joda.time.MutableDateTime;
import org.joda.time.chrono.BuddhistChronology;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.userdetails.User;
import org.springframework.ui.ExtendedModelMap;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.servlet.FlashMap;
import scala.Some;
import scala.Tuple2;
import scala.collection.immutable.Nil$;
import scala.jdk.javaapi.CollectionConverters;

/** What libraries make and applications keep. */
@SuppressWarnings("unchecked") // arguments of Kotlin
final class LibraryCases {

    private LibraryCases() {}

    static Map<String, Supplier<Object>> guava() {
        CaseList all = new CaseList();
        all.add("ImmutableList", () -> ImmutableList.of("a", "b"));
        all.add("ImmutableList of one", () -> ImmutableList.of("a"));
        all.add("ImmutableSet", () -> ImmutableSet.of("a", "b"));
        all.add("ImmutableMap", () -> ImmutableMap.of("a", 1, "b", 2));
        all.add("ImmutableBiMap", () -> ImmutableBiMap.of("a", 1, "b", 2));
        all.add("ImmutableSortedMap", () -> ImmutableSortedMap.of("a", 1, "b", 2));
        all.add("ImmutableSortedSet", () -> ImmutableSortedSet.of("a", "b"));
        all.add("ImmutableListMultimap", () -> ImmutableListMultimap.of("a", 1, "a", 2));
        all.add("ImmutableTable", () -> ImmutableTable.of("a", 1, "b"));
        all.add("ImmutableRangeSet", () -> ImmutableRangeSet.of(Range.closedOpen(1, 5)));
        all.add("ArrayListMultimap", () -> {
            ArrayListMultimap<Object, Object> map = ArrayListMultimap.create();
            map.put("a", 1);
            map.put("a", new ArrayList<>(List.of(2)));
            return map;
        });
        all.add("HashMultimap", () -> HashMultimap.create(ImmutableListMultimap.of("a", 1, "a", 2)));
        all.add("LinkedHashMultimap", () -> LinkedHashMultimap.create(ImmutableListMultimap.of("b", 1, "a", 2)));
        all.add("TreeMultimap", () -> TreeMultimap.create(ImmutableListMultimap.of("b", 1, "a", 2)));
        all.add("HashBiMap", () -> HashBiMap.create(Map.of("a", 1)));
        all.add("HashBasedTable", () -> HashBasedTable.create(ImmutableTable.of("a", 1, "b")));
        all.add("HashMultiset", () -> HashMultiset.create(List.of("a", "a")));
        all.add("TreeMultiset", () -> TreeMultiset.create(List.of("a", "a", "b")));
        all.add("EvictingQueue", () -> {
            EvictingQueue<Object> queue = EvictingQueue.create(2);
            queue.addAll(List.of(1, 2, 3));
            return queue;
        });
        all.add("Guava's Optional", () -> Optional.of("a"));
        all.add("Guava's absent Optional", Optional::absent);
        all.add("Range", () -> Range.atLeast(5));
        all.add("Ordering", () -> Ordering.natural().reverse());
        all.add("HashCode", () -> HashCode.fromInt(5));
        all.add("HostAndPort", () -> HostAndPort.fromParts("example.org", 80));
        all.add("UnsignedLong", () -> UnsignedLong.MAX_VALUE);
        all.add(
                "Guava's collections in each other",
                () -> new HashMap<>(
                        Map.of("a", ImmutableMap.of("b", ImmutableList.of(new Shop.Address("a", 1, null))))));
        return all.all();
    }

    static Map<String, Supplier<Object>> joda() {
        CaseList all = new CaseList();
        all.add("DateTime", () -> new DateTime(5, DateTimeZone.forID("Europe/Berlin")));
        all.add("DateTime of another chronology", () -> new DateTime(5, BuddhistChronology.getInstanceUTC()));
        all.add("MutableDateTime", () -> new MutableDateTime(5, DateTimeZone.UTC));
        all.add("Joda's LocalDate", () -> new org.joda.time.LocalDate(2024, 2, 29));
        all.add("Joda's LocalDateTime", () -> new org.joda.time.LocalDateTime(2024, 2, 29, 1, 2));
        all.add("Joda's LocalTime", () -> new org.joda.time.LocalTime(1, 2, 3));
        all.add("Joda's Instant", () -> new org.joda.time.Instant(5));
        all.add("Joda's Duration", () -> new org.joda.time.Duration(5));
        all.add("Joda's Period", () -> new org.joda.time.Period(1, 2, 3, 4));
        all.add("Joda's YearMonth", () -> new org.joda.time.YearMonth(2024, 2));
        all.add("Interval", () -> new Interval(5, 10, DateTimeZone.UTC));
        all.add("Days", () -> Days.days(5));
        all.add("DateTimeZone", () -> DateTimeZone.forID("America/New_York"));
        return all.all();
    }

    static Map<String, Supplier<Object>> vavr() {
        CaseList all = new CaseList();
        all.add("Vavr's List", () -> io.vavr.collection.List.of("a", "b"));
        all.add("Vavr's empty List", io.vavr.collection.List::empty);
        all.add("Vavr's Vector", () -> io.vavr.collection.Vector.rangeClosed(1, 100));
        all.add("Vavr's Array", () -> io.vavr.collection.Array.of("a", 1));
        all.add("Vavr's Queue", () -> io.vavr.collection.Queue.of("a", 1));
        all.add("Vavr's Stream", () -> io.vavr.collection.Stream.of("a", "b"));
        all.add("Vavr's HashMap", () -> io.vavr.collection.HashMap.of("a", 1, "b", 2));
        all.add("Vavr's LinkedHashMap", () -> io.vavr.collection.LinkedHashMap.of("z", 1, "b", 2));
        all.add("Vavr's TreeMap", () -> io.vavr.collection.TreeMap.of("z", 1, "b", 2));
        all.add("Vavr's HashSet", () -> io.vavr.collection.HashSet.of("a", "b"));
        all.add("Vavr's TreeSet", () -> io.vavr.collection.TreeSet.of("a", "b"));
        all.add("CharSeq", () -> CharSeq.of("abc"));
        all.add("Option.some", () -> Option.some("a"));
        all.add("Option.none", Option::none);
        all.add("Either", () -> Either.left("a"));
        all.add("Try that succeeded", () -> Try.success("a"));
        all.add("Try that failed", () -> Try.failure(new IllegalStateException("m")));
        all.add("Validation", () -> Validation.invalid(List.of("e")));
        all.add("Vavr's Tuple", () -> Tuple.of("a", 1, List.of()));
        all.add("Lazy that is there", () -> {
            Lazy<String> lazy = Lazy.of(() -> "a");
            lazy.get();
            return lazy;
        });
        return all.all();
    }

    static Map<String, Supplier<Object>> jackson() {
        CaseList all = new CaseList();
        all.add(
                "ObjectNode",
                () -> new ObjectMapper()
                        .readTree("{\"a\": [1, 2.5, \"x\", null, true, {\"b\": {}}], \"c\": 12345678901234567890}"));
        all.add("ArrayNode", () -> JsonNodeFactory.instance.arrayNode().add(1).add("a"));
        all.add("TextNode", () -> JsonNodeFactory.instance.textNode("ä"));
        all.add("DecimalNode", () -> JsonNodeFactory.instance.numberNode(new BigDecimal("1.50")));
        all.add("BinaryNode", () -> JsonNodeFactory.instance.binaryNode(new byte[] {1, 2}));
        all.add("NullNode", () -> NullNode.instance);
        all.add("MissingNode", MissingNode::getInstance);
        all.add("POJONode", () -> JsonNodeFactory.instance.pojoNode(new ArrayList<>(List.of(1))));
        all.add(
                "JavaType",
                () -> TypeFactory.defaultInstance().constructMapType(HashMap.class, String.class, Integer.class));
        all.add(
                "nodes in a map",
                () -> new HashMap<>(
                        Map.of("a", JsonNodeFactory.instance.objectNode().put("b", 1))));
        return all.all();
    }

    static Map<String, Supplier<Object>> kotlin() {
        CaseList all = new CaseList();
        all.add("Kotlin's emptyList", CollectionsKt::emptyList);
        all.add("Kotlin's listOf", () -> CollectionsKt.listOf("a", "b"));
        all.add("Kotlin's mutableListOf", () -> CollectionsKt.mutableListOf("a", "b"));
        all.add("Kotlin's buildList", () -> {
            List<Object> builder = CollectionsKt.createListBuilder();
            builder.add("a");
            return CollectionsKt.build(builder);
        });
        all.add("Kotlin's buildMap", () -> {
            Map<Object, Object> builder = MapsKt.createMapBuilder();
            builder.put("a", 1);
            return MapsKt.build(builder);
        });
        all.add("Kotlin's buildSet", () -> {
            java.util.Set<Object> builder = SetsKt.createSetBuilder();
            builder.add("a");
            return SetsKt.build(builder);
        });
        all.add("Kotlin's emptyMap", MapsKt::emptyMap);
        all.add("Kotlin's emptySet", SetsKt::emptySet);
        all.add("Kotlin's mapOf", () -> MapsKt.mapOf(new Pair<>("a", 1), new Pair<>("b", 2)));
        all.add("Kotlin's Pair", () -> new Pair<>("a", List.of(1)));
        all.add("Kotlin's Triple", () -> new Triple<>("a", 1, null));
        all.add("Kotlin's Regex", () -> new Regex("a.*"));
        all.add("Kotlin's lazyOf", () -> kotlin.LazyKt.lazyOf("a"));
        return all.all();
    }

    static Map<String, Supplier<Object>> scala() {
        CaseList all = new CaseList();
        List<Object> elements = List.of("a", "b", "c");
        all.add(
                "Scala's List",
                () -> scala.collection.immutable.List$.MODULE$.from(CollectionConverters.asScala(elements)));
        all.add("Scala's Nil", () -> Nil$.MODULE$);
        all.add(
                "Scala's Vector",
                () -> scala.collection.immutable.Vector$.MODULE$.from(CollectionConverters.asScala(elements)));
        all.add(
                "Scala's Set",
                () -> scala.collection.immutable.HashSet$.MODULE$.from(CollectionConverters.asScala(elements)));
        all.add(
                "Scala's Map",
                () -> scala.collection.immutable.HashMap$.MODULE$.from(
                        CollectionConverters.asScala(new HashMap<>(Map.of("a", 1, "b", 2)))));
        all.add(
                "Scala's ListBuffer",
                () -> scala.collection.mutable.ListBuffer$.MODULE$.from(CollectionConverters.asScala(elements)));
        all.add(
                "Scala's ArrayBuffer",
                () -> scala.collection.mutable.ArrayBuffer$.MODULE$.from(CollectionConverters.asScala(elements)));
        all.add(
                "Scala's mutable Map",
                () -> scala.collection.mutable.HashMap$.MODULE$.from(
                        CollectionConverters.asScala(new HashMap<>(Map.of("a", 1)))));
        all.add("Scala's Some", () -> new Some<>("a"));
        all.add("Scala's None", () -> scala.None$.MODULE$);
        all.add("Scala's Tuple2", () -> new Tuple2<>("a", 1));
        all.add("Scala's Right", () -> new scala.util.Right<>("a"));
        all.add("Scala's BigDecimal", () -> scala.math.BigDecimal$.MODULE$.apply("1.50"));
        all.add("Scala's Range", () -> scala.collection.immutable.Range$.MODULE$.apply(1, 10));
        all.add("Scala's view of a Java list", () -> CollectionConverters.asScala(new ArrayList<>(elements)));
        return all.all();
    }

    static Map<String, Supplier<Object>> spring() {
        CaseList all = new CaseList();
        all.add("SecurityContextImpl", () -> new SecurityContextImpl(loggedIn()));
        all.add("UsernamePasswordAuthenticationToken", LibraryCases::loggedIn);
        all.add("AnonymousAuthenticationToken", () -> new AnonymousAuthenticationToken("key", "guest", authorities()));
        all.add("RememberMeAuthenticationToken", () -> new RememberMeAuthenticationToken("key", user(), authorities()));
        all.add("User of Spring Security", LibraryCases::user);
        all.add("BadCredentialsException", () -> new BadCredentialsException("m"));
        all.add("SessionInformation", () -> new SessionInformation("user", "id", new java.util.Date(5)));
        all.add("FlashMap", LibraryCases::flashMap);
        all.add("the flash maps of a session", () -> new CopyOnWriteArrayList<>(List.of(flashMap(), flashMap())));
        all.add("LinkedMultiValueMap", () -> new LinkedMultiValueMap<>(Map.of("a", List.of(1, 2))));
        all.add("LinkedCaseInsensitiveMap", () -> {
            Map<String, Object> map = new LinkedCaseInsensitiveMap<>();
            map.put("Key", 1);
            return map;
        });
        all.add("MediaType", () -> MediaType.parseMediaType("text/html;charset=utf-8;q=0.5"));
        all.add("HttpMethod", () -> HttpMethod.PATCH);
        all.add("HttpHeaders", () -> {
            HttpHeaders headers = new HttpHeaders();
            headers.add("Accept", "text/html");
            return headers;
        });
        all.add("ExtendedModelMap", () -> new ExtendedModelMap().addAttribute("a", new Shop.Address("a", 1, null)));
        return all.all();
    }

    private static UsernamePasswordAuthenticationToken loggedIn() {
        UsernamePasswordAuthenticationToken token =
                UsernamePasswordAuthenticationToken.authenticated(user(), null, authorities());
        token.setDetails(new HashMap<>(Map.of("address", "127.0.0.1")));
        return token;
    }

    private static List<GrantedAuthority> authorities() {
        return AuthorityUtils.createAuthorityList("ROLE_USER", "ROLE_ADMIN");
    }

    private static User user() {
        return new User("ada", "{noop}secret", authorities());
    }

    private static FlashMap flashMap() {
        FlashMap map = new FlashMap();
        map.put("message", "saved");
        map.setTargetRequestPath("/shop");
        map.addTargetRequestParam("id", "5");
        map.setExpirationTime(5);
        return map;
    }

    static Map<String, Supplier<Object>> faces() {
        CaseList all = new CaseList();
        all.add("the views of a session in Mojarra", () -> {
            Map<String, Object> actual = new LRUMap<>(15);
            actual.put("view-1", new Object[] {null, viewState()});
            Map<String, Object> logical = new LRUMap<>(15);
            logical.put("logical-1", actual);
            return Collections.synchronizedMap(logical);
        });
        all.add("the state of a view", LibraryCases::viewState);
        all.add("the state of a component", () -> newInstance("jakarta.faces.component.SavedState"));
        all.add("FacesMessage", () -> new FacesMessage(FacesMessage.SEVERITY_WARN, "summary", "detail"));
        all.add(
                "messages of components",
                () -> new LinkedHashMap<>(Map.of("form:name", new ArrayList<>(List.of(new FacesMessage("required"))))));
        return all.all();
    }

    private static Object viewState() throws ReflectiveOperationException {
        Map<String, Object> state = new HashMap<>();
        state.put(
                "j_id1",
                new Object[] {null, null, new Object[] {"value", true, null}, new HashMap<>(Map.of("rendered", true))});
        state.put("form:table", new Object[] {
            Arrays.asList("a", null),
            new HashMap<>(Map.of("form:table:0", newInstance("jakarta.faces.component.SavedState")))
        });
        state.put("com.sun.faces.DynamicActions", null);
        return state;
    }

    private static Object newInstance(String className) throws ReflectiveOperationException {
        var constructor = Class.forName(className).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /** What Java serialization refuses. */
    static Map<String, Supplier<Object>> notSerializable() {
        CaseList all = new CaseList();
        all.add("Kotlin's IntRange", () -> new IntRange(1, 5));
        all.add("Kotlin's ArrayDeque", () -> new kotlin.collections.ArrayDeque<>(List.of("a", "b")));
        return all.all();
    }
}
