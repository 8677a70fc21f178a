package dev.holdfast.codec;

import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which classes bytes may name, whatever wrote them: the same for Kryo and for boxes of Java serialization. Asked before a
 * class is loaded. Thread-safe.
 *
 * <p>In this order: classes that are known for what can be done with them by bytes alone are refused; what the operator has
 * listed is allowed or refused; of the JDK, a built-in list is allowed; the container's classes, and ours, are refused; those
 * that the application brings along are allowed. A class that nobody knows cannot do any harm: it is told apart from one
 * that is refused.
 */
public final class ClassRules {

    /** Allows all: for bytes that nobody else can have written. */
    public static final ClassRules NONE = new ClassRules(null, List.of(), true, true);

    private static final int MOST_ANSWERS = 10_000;
    private static final int LONGEST_NAME = 1_000;

    /** The first that matches counts. */
    private static final List<ClassPattern> CONTAINER = List.of(
            // What applications of Tomcat have in their sessions, because its filters and its expressions put it there.
            ClassPattern.of("!org.apache.catalina.filters.CsrfPreventionFilter$*"),
            ClassPattern.of("!org.apache.catalina.realm.GenericPrincipal"),
            ClassPattern.of("!org.apache.catalina.realm.GenericPrincipal$*"),
            ClassPattern.of("!org.apache.catalina.valves.CrawlerSessionManagerValve$*"),
            ClassPattern.of("!org.apache.el.MethodExpression*"),
            ClassPattern.of("!org.apache.el.ValueExpression*"),
            ClassPattern.of("org.apache.catalina.**"),
            ClassPattern.of("org.apache.coyote.**"),
            ClassPattern.of("org.apache.el.**"),
            ClassPattern.of("org.apache.jasper.**"),
            ClassPattern.of("org.apache.juli.**"),
            ClassPattern.of("org.apache.naming.**"),
            ClassPattern.of("org.apache.tomcat.**"));

    private final @Nullable ClassLoader application;
    private final List<ClassPattern> patterns;
    private final boolean enforced;
    private final boolean container;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final ClassReports reports = new ClassReports();

    /** What becomes of a name. */
    enum Answer {
        ALLOWED,
        REFUSED,
        DANGEROUS
    }

    private ClassRules(
            @Nullable ClassLoader application, List<ClassPattern> patterns, boolean enforced, boolean container) {
        this.application = application;
        this.patterns = patterns;
        this.enforced = enforced;
        this.container = container;
    }

    /**
     * The rules of an application.
     *
     * @param application the class loader of the web application
     * @param allowedClasses patterns of the operator, as {@link #checkPattern} takes them; the first one that matches counts
     * @param enforced whether what is refused is not read; if not, it is read and told about, save for what is known to be
     *     dangerous
     */
    public static ClassRules of(ClassLoader application, List<String> allowedClasses, boolean enforced) {
        return new ClassRules(
                application, allowedClasses.stream().map(ClassPattern::of).toList(), enforced, false);
    }

    /**
     * Checks the form of a pattern.
     *
     * @param pattern {@code com.shop.Cart}, {@code com.shop.*}, {@code com.shop.**} or {@code com.shop.Ca*}, with {@code !}
     *     in front to refuse
     * @throws IllegalArgumentException if it is of another form
     */
    public static void checkPattern(String pattern) {
        ClassPattern.of(pattern);
    }

    /** The same rules for what the container keeps itself: its own classes are allowed, too. */
    public ClassRules forContainer() {
        return application == null ? this : new ClassRules(application, patterns, enforced, true);
    }

    ClassReports reports() {
        return reports;
    }

    /**
     * Asks about a class that is to be loaded.
     *
     * @param className of a class, not of an array
     * @throws DeniedClass if it must not be
     */
    void check(String className) {
        Answer answer = answer(className);
        if (answer == Answer.ALLOWED) {
            return;
        }
        if (answer == Answer.REFUSED && !enforced) {
            reports.wouldBeRefused(className);
            return;
        }
        throw new DeniedClass(className, answer == Answer.DANGEROUS);
    }

    Answer answer(String className) {
        if (application == null) {
            return Answer.ALLOWED;
        }
        Answer known = answers.get(className);
        if (known == null) {
            known = decide(className);
            if (answers.size() < MOST_ANSWERS) {
                answers.put(className, known);
            }
        }
        return known;
    }

    private Answer decide(String className) {
        if (!isName(className)) {
            return Answer.REFUSED;
        }
        if (ClassLists.contains(ClassLists.DANGEROUS, className)) {
            return Answer.DANGEROUS;
        }
        for (ClassPattern pattern : patterns) {
            if (pattern.matches(className) && !isSpared(pattern, className)) {
                return pattern.allows() ? Answer.ALLOWED : Answer.REFUSED;
            }
        }
        return isAllowedUnlisted(className) ? Answer.ALLOWED : Answer.REFUSED;
    }

    /** To refuse the rest means the rest of the application's classes: nobody can do without those of the JDK. */
    private static boolean isSpared(ClassPattern pattern, String className) {
        return pattern.text().equals("!**")
                && ClassLists.contains(ClassLists.SAFE, className)
                && isOfTheJdk(pathOf(className));
    }

    private static String pathOf(String className) {
        return className.replace('.', '/') + ".class";
    }

    private boolean isAllowedUnlisted(String className) {
        String path = pathOf(className);
        if (isOfTheJdk(path)) {
            return ClassLists.contains(ClassLists.SAFE, className);
        }
        // All others are of the application: what it brings along, what it shares with others, what it makes at run
        // time.
        return container || (!ClassLists.contains(CONTAINER, className) && !isOurs(className, path));
    }

    private static boolean isOfTheJdk(String path) {
        URL found = ClassLoader.getSystemResource(path);
        return ClassLoader.getPlatformClassLoader().getResource(path) != null
                || (found != null && found.getProtocol().equals("jrt"));
    }

    /** Whether it has a name like ours, and lies where this class does: an application may be in one jar with us. */
    private static boolean isOurs(String className, String path) {
        if (className.startsWith("dev.holdfast.shaded.")) {
            return true;
        }
        if (!className.startsWith("dev.holdfast.")) {
            return false;
        }
        ClassLoader loader = ClassRules.class.getClassLoader();
        String ourPath = ClassRules.class.getName().replace('.', '/') + ".class";
        URL found = loader == null ? null : loader.getResource(path);
        URL ours = loader == null ? null : loader.getResource(ourPath);
        return found != null
                && ours != null
                && found.toString()
                        .equals(ours.toString().substring(0, ours.toString().length() - ourPath.length()) + path);
    }

    /** Names become paths on the way to a class: what is no name shall not become one. */
    private static boolean isName(String className) {
        return !className.isEmpty()
                && className.length() <= LONGEST_NAME
                && !className.startsWith(".")
                && !className.contains("..")
                && className.chars().noneMatch(c -> c < ' ' || "/\\:;[?#%".indexOf(c) >= 0);
    }
}
