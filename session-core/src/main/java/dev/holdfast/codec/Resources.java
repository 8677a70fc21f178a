package dev.holdfast.codec;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows the types that stand for something outside of the heap, or for the running container. Their fields could be
 * copied, but what came out of the copy would be no connection, no thread and no lock.
 *
 * <p>Types go by name: not every runtime has them, and the servlet API comes in two packages. Those of the JDK's own
 * classes that cannot be serialized are refused anyhow; what matters here is who implements or extends them.
 */
final class Resources {

    private static final Set<String> NAMES = Set.of(
            "java.lang.ClassLoader",
            "java.lang.Module",
            "java.lang.ModuleLayer",
            "java.lang.Process",
            "java.lang.Thread",
            "java.lang.ThreadGroup",
            "java.lang.ThreadLocal",
            "java.lang.invoke.MethodHandle",
            "java.lang.ref.Reference",
            "java.lang.reflect.AnnotatedElement",
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.io.Reader",
            "java.io.Writer",
            "java.io.RandomAccessFile",
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.DatagramSocket",
            "java.net.URLConnection",
            "java.net.http.HttpClient",
            "java.nio.Buffer",
            "java.nio.channels.Channel",
            "java.nio.channels.Selector",
            "java.nio.file.FileSystem",
            "java.util.Timer",
            "java.util.TimerTask",
            "java.util.concurrent.Executor",
            "java.util.concurrent.Future",
            "java.util.concurrent.CompletionStage",
            "java.util.concurrent.locks.Condition",
            "java.util.concurrent.locks.Lock",
            "java.util.concurrent.locks.ReadWriteLock",
            "java.util.stream.BaseStream",
            "java.util.zip.ZipFile",
            "java.sql.Blob",
            "java.sql.Clob",
            "java.sql.Connection",
            "java.sql.ResultSet",
            "java.sql.Statement",
            "javax.sql.CommonDataSource",
            "javax.sql.PooledConnection",
            "javax.naming.Context",
            "javax.naming.NamingEnumeration",
            "javax.net.SocketFactory",
            "javax.management.MBeanServerConnection");

    private static final Set<String> SERVLET_NAMES = Set.of(
            "AsyncContext",
            "Filter",
            "FilterChain",
            "FilterConfig",
            "RequestDispatcher",
            "Servlet",
            "ServletConfig",
            "ServletContext",
            "ServletRequest",
            "ServletResponse",
            "http.HttpSession",
            "http.HttpUpgradeHandler",
            "http.Part",
            "http.WebConnection");

    private Resources() {}

    /** The name of the resource that objects of a class are, or null if they are none. */
    static @Nullable String kindOf(Class<?> type) {
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            String kind = kindOfLevel(level);
            if (kind != null) {
                return kind;
            }
        }
        return null;
    }

    private static @Nullable String kindOfLevel(Class<?> level) {
        if (isListed(level.getName())) {
            return level.getName();
        }
        for (Class<?> face : level.getInterfaces()) {
            String kind = kindOfLevel(face);
            if (kind != null) {
                return kind;
            }
        }
        return null;
    }

    private static boolean isListed(String name) {
        return NAMES.contains(name) || isServletName(name, "jakarta.servlet.") || isServletName(name, "javax.servlet.");
    }

    private static boolean isServletName(String name, String prefix) {
        return name.startsWith(prefix) && SERVLET_NAMES.contains(name.substring(prefix.length()));
    }
}
