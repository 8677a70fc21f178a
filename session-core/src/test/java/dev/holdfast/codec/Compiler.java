package dev.holdfast.codec;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a class of a web application, which nobody but its class loader knows. */
final class Compiler {

    private Compiler() {}

    /** A class loader that knows the one class, beside what the tests know. */
    static ClassLoader webApplicationWith(Path folder, String className, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-d", folder.toString(), "-proc:none"),
                        null,
                        List.of(new Source(className, source)))
                .call();
        if (!compiled) {
            throw new AssertionError(messages.toString());
        }
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, Compiler.class.getClassLoader());
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
