package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/servlet-specification.md lists the clauses that are tested, and no others. */
class ClausesDocumentTest {

    private static final Path BASE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    @Test
    void the_document_lists_every_clause_with_its_test() throws Exception {
        List<String> expected = rows();
        Path proposal = BASE.resolve("target/servlet-specification-table.md");
        Files.createDirectories(proposal.getParent());
        Files.write(proposal, expected);

        List<String> documented = Files.readAllLines(BASE.getParent().resolve("docs/servlet-specification.md")).stream()
                .filter(line -> line.contains("SpecIT."))
                .toList();

        assertThat(documented)
                .as("The rows of the table, which are also in " + BASE.relativize(proposal))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void every_test_of_a_clause_belongs_to_an_application() throws Exception {
        assertThat(suites()).isNotEmpty().allMatch(suite -> suite.isAnnotationPresent(Descriptor.class));
    }

    /** In the order of the sections, then of the API, then of the tests. */
    private static List<String> rows() throws Exception {
        List<Method> clauses = new ArrayList<>();
        for (Class<?> suite : suites()) {
            Stream.of(suite.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Clause.class))
                    .forEach(clauses::add);
        }
        clauses.sort(Comparator.comparing(ClausesDocumentTest::order).thenComparing(ClausesDocumentTest::name));
        return clauses.stream().map(ClausesDocumentTest::row).toList();
    }

    private static String row(Method method) {
        Clause clause = method.getAnnotation(Clause.class);
        String but = clause.butTomcat().isEmpty() ? "" : " *But Tomcat: " + clause.butTomcat() + "*";
        return "| " + clause.of() + " | " + clause.says() + but + " | `" + name(method) + "` |";
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /** 7.7.2 stands before 11.3, and sections before names. */
    private static String order(Method method) {
        String of = method.getAnnotation(Clause.class).of();
        if (!Character.isDigit(of.charAt(0))) {
            return "9" + of;
        }
        StringBuilder key = new StringBuilder("0");
        for (String number : of.split("[^0-9.].*", 2)[0].split("\\.")) {
            key.append(String.format("%03d.", Integer.parseInt(number)));
        }
        return key + " " + of;
    }

    private static List<Class<?>> suites() throws IOException, URISyntaxException, ClassNotFoundException {
        Path classes = Path.of(SpecificationTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.list(classes.resolve("dev/holdfast/spec"))) {
            List<Class<?>> suites = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith("SpecIT.class"))
                    .toList()) {
                suites.add(Class.forName(
                        "dev.holdfast.spec." + file.getFileName().toString().replace(".class", "")));
            }
            return suites;
        }
    }
}
