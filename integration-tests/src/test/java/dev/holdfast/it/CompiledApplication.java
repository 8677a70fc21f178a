package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** An exploded web application whose classes a test writes as text: so there may be several versions of one class. */
final class CompiledApplication implements AutoCloseable {

    private final Directory directory = Directory.temporary();

    /**
     * Compiles.
     *
     * @param sources the text of each class, by its name
     * @param libraries jars that go into WEB-INF/lib
     */
    CompiledApplication(Map<String, String> sources, Path... libraries) {
        try {
            Path classes = Files.createDirectories(directory.path().resolve("WEB-INF/classes"));
            Path lib = Files.createDirectories(directory.path().resolve("WEB-INF/lib"));
            List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "-classpath"));
            StringBuilder classPath = new StringBuilder(System.getProperty("java.class.path"));
            for (Path library : libraries) {
                Path copy = lib.resolve(library.getFileName());
                Files.copy(library, copy);
                classPath.append(File.pathSeparator).append(copy);
            }
            arguments.add(classPath.toString());
            for (Map.Entry<String, String> source : sources.entrySet()) {
                String fileName = source.getKey().replace('.', '/') + ".java";
                Path file = directory.path().resolve("WEB-INF/sources").resolve(fileName);
                Files.createDirectories(file.getParent());
                Files.writeString(file, source.getValue());
                arguments.add(file.toString());
            }
            int errors = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
            assertThat(errors).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a Tomcat deploys. */
    Path path() {
        return directory.path();
    }

    /** The classes and libraries outside any container; to be closed. */
    URLClassLoader newClassLoader() {
        try (Stream<Path> jars = Files.list(path().resolve("WEB-INF/lib"))) {
            List<URL> places = new ArrayList<>();
            places.add(path().resolve("WEB-INF/classes").toUri().toURL());
            for (Path jar : jars.toList()) {
                places.add(jar.toUri().toURL());
            }
            return new URLClassLoader(places.toArray(URL[]::new), CompiledApplication.class.getClassLoader());
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
