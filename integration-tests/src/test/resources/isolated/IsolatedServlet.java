package example.isolated;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.netty.util.Version;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.redisson.Redisson;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A web application that uses libraries of its own, in other versions than Holdfast does. IsolationIT compiles it against
 * those.
 */
public final class IsolatedServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(IsolatedServlet.class);

    /** What goes into the session, into a bucket of Redisson, and through Kryo. */
    public static final class Note implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<String> words = new ArrayList<>();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        PrintWriter out = response.getWriter();
        out.println("session " + changeSession(request.getSession()));
        out.println("redisson " + useRedisson(request.getParameter("redis")) + where(Redisson.class));
        out.println("netty " + Version.identify().get("netty-common").artifactVersion() + where(Version.class));
        out.println("kryo " + useKryo() + where(Kryo.class));
        log.info("A line of the application");
        out.println("slf4j " + LoggerFactory.getILoggerFactory().getClass().getName() + where(LoggerFactory.class));
        out.println("kryo.unsafe " + System.getProperty("kryo.unsafe"));
    }

    private static int changeSession(HttpSession session) {
        Note note = (Note) session.getAttribute("note");
        if (note == null) {
            note = new Note();
            session.setAttribute("note", note);
        }
        note.words.add("word");
        return note.words.size();
    }

    private static String useRedisson(String address) {
        Config config = new Config();
        config.setThreads(2).setNettyThreads(2).useSingleServer().setAddress(address).setConnectionMinimumIdleSize(1);
        RedissonClient client = Redisson.create(config);
        try {
            RBucket<Note> bucket = client.getBucket("bucket of the application");
            Note note = new Note();
            note.words.add("kept");
            bucket.set(note);
            return bucket.get().words.get(0);
        } finally {
            client.shutdown();
        }
    }

    private static String useKryo() {
        Kryo kryo = new Kryo();
        kryo.register(Note.class);
        kryo.register(ArrayList.class);
        Note note = new Note();
        note.words.add("copied");
        Output output = new Output(64, -1);
        kryo.writeObject(output, note);
        return kryo.readObject(new Input(output.toBytes()), Note.class).words.get(0);
    }

    /** The jar that a class comes from, and whether this application's own class loader has loaded it. */
    private static String where(Class<?> type) {
        String path = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        boolean own = type.getClassLoader() == IsolatedServlet.class.getClassLoader();
        return " from " + path.substring(path.lastIndexOf('/') + 1) + (own ? " own" : " foreign");
    }
}
