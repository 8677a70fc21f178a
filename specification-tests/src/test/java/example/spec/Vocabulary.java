package example.spec;

import example.probe.Gate;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationTargetException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The steps: methods of the API under their own names, and a few others. */
final class Vocabulary {

    private interface Step {
        Object perform(Call call, String... words) throws Exception;
    }

    private static final Map<String, Step> STEPS = new HashMap<>();

    static {
        session();
        accessor();
        attributes();
        request();
        response();
        login();
        application();
        dispatch();
        other();
    }

    private Vocabulary() {}

    static String perform(Call call, String name, String... words) {
        Step step = STEPS.get(name);
        if (step == null) {
            throw new IllegalArgumentException("No such step: " + name);
        }
        try {
            return String.valueOf(step.perform(call, words));
        } catch (Exception thrown) {
            return thrown.getClass().getSimpleName();
        }
    }

    private static String done() {
        return "done";
    }

    private static void session() {
        STEPS.put(
                "getSession",
                (call, words) -> words.length == 0
                        ? call.take(call.request.getSession()).getId()
                        : idOf(call.request.getSession(Boolean.parseBoolean(words[0]))));
        STEPS.put("isSameSession", (call, words) -> call.session() == call.request.getSession());
        STEPS.put("getId", (call, words) -> call.session().getId());
        STEPS.put("isNew", (call, words) -> call.session().isNew());
        STEPS.put("getCreationTime", (call, words) -> call.session().getCreationTime());
        STEPS.put("getLastAccessedTime", (call, words) -> call.session().getLastAccessedTime());
        STEPS.put("getMaxInactiveInterval", (call, words) -> call.session().getMaxInactiveInterval());
        STEPS.put("setMaxInactiveInterval", (call, words) -> {
            call.session().setMaxInactiveInterval(Integer.parseInt(words[0]));
            return done();
        });
        STEPS.put(
                "getServletContext",
                (call, words) -> call.session().getServletContext().getContextPath());
        STEPS.put("invalidate", (call, words) -> {
            call.session().invalidate();
            return done();
        });
    }

    private static void accessor() {
        // Servlet 6.1; this is compiled against 6.0.
        STEPS.put("keepAccessor", (call, words) -> {
            HttpSession session = call.session();
            Object accessor = accessorOf(session);
            Consumer<Consumer<HttpSession>> access = work -> access(accessor, work);
            call.application.setAttribute("accessor", access);
            return done();
        });
        STEPS.put("access", (call, words) -> {
            @SuppressWarnings("unchecked")
            Consumer<Consumer<HttpSession>> access =
                    (Consumer<Consumer<HttpSession>>) call.application.getAttribute("accessor");
            return inAnotherThread(() -> access.accept(session -> session.setAttribute(words[0], words[1])));
        });
    }

    private static String inAnotherThread(Runnable work) throws InterruptedException {
        String[] outcome = {done()};
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (RuntimeException thrown) {
                outcome[0] = thrown.getClass().getSimpleName();
            }
        });
        thread.start();
        thread.join();
        return outcome[0];
    }

    private static String idOf(HttpSession session) {
        return session == null ? "none" : session.getId();
    }

    private static Object accessorOf(HttpSession session) throws ReflectiveOperationException {
        try {
            return HttpSession.class.getMethod("getAccessor").invoke(session);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw e;
        }
    }

    private static void access(Object accessor, Consumer<HttpSession> work) {
        try {
            Class.forName("jakarta.servlet.http.HttpSession$Accessor")
                    .getMethod("access", Consumer.class)
                    .invoke(accessor, work);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException(e);
        }
    }

    private static void attributes() {
        STEPS.put("getAttribute", (call, words) -> call.session().getAttribute(words[0]));
        STEPS.put(
                "getAttributeNames",
                (call, words) -> String.join(
                        ",", new TreeSet<>(Collections.list(call.session().getAttributeNames()))));
        STEPS.put("setAttribute", (call, words) -> {
            call.session().setAttribute(words[0], words[1]);
            return done();
        });
        STEPS.put("setNull", (call, words) -> {
            call.session().setAttribute(words[0], null);
            return done();
        });
        STEPS.put("setAgain", (call, words) -> {
            call.session().setAttribute(words[0], call.session().getAttribute(words[0]));
            return done();
        });
        STEPS.put("setBound", (call, words) -> {
            call.session().setAttribute(words[0], new BoundValue(words[1]));
            return done();
        });
        STEPS.put("setMoving", (call, words) -> {
            call.session().setAttribute(words[0], new MovingValue(words[1]));
            return done();
        });
        STEPS.put("setFailing", (call, words) -> {
            call.session().setAttribute(words[0], new FailingValue());
            return done();
        });
        STEPS.put("setActing", (call, words) -> {
            call.session().setAttribute(words[0], new ActingValue());
            return done();
        });
        STEPS.put("setThread", (call, words) -> {
            call.session().setAttribute(words[0], Thread.currentThread());
            return done();
        });
        STEPS.put("removeAttribute", (call, words) -> {
            call.session().removeAttribute(words[0]);
            return done();
        });
        STEPS.put("increment", (call, words) -> {
            synchronized (call.application) {
                Object count = call.session().getAttribute(words[0]);
                int next = count == null ? 1 : (Integer) count + 1;
                call.session().setAttribute(words[0], next);
                return next;
            }
        });
    }

    private static void request() {
        STEPS.put("getRequestedSessionId", (call, words) -> call.request.getRequestedSessionId());
        STEPS.put("isRequestedSessionIdValid", (call, words) -> call.request.isRequestedSessionIdValid());
        STEPS.put("isRequestedSessionIdFromCookie", (call, words) -> call.request.isRequestedSessionIdFromCookie());
        STEPS.put("isRequestedSessionIdFromURL", (call, words) -> call.request.isRequestedSessionIdFromURL());
        STEPS.put("changeSessionId", (call, words) -> call.request.changeSessionId());
        STEPS.put("isSecure", (call, words) -> call.request.isSecure());
        STEPS.put("getMethod", (call, words) -> call.request.getMethod());
        STEPS.put("getParameter", (call, words) -> call.request.getParameter(words[0]));
        STEPS.put("setRequestAttribute", (call, words) -> {
            call.request.setAttribute(words[0], words[1]);
            return done();
        });
        STEPS.put("removeRequestAttribute", (call, words) -> {
            call.request.removeAttribute(words[0]);
            return done();
        });
    }

    private static void response() {
        STEPS.put("encodeURL", (call, words) -> call.response.encodeURL(words[0]));
        STEPS.put("encodeRedirectURL", (call, words) -> call.response.encodeRedirectURL(words[0]));
        STEPS.put("flushBuffer", (call, words) -> {
            call.response.flushBuffer();
            return done();
        });
    }

    private static void login() {
        STEPS.put("login", (call, words) -> {
            call.request.login(words[0], words[1]);
            return done();
        });
        STEPS.put("logout", (call, words) -> {
            call.request.logout();
            return done();
        });
        STEPS.put("authenticate", (call, words) -> call.request.authenticate(call.response));
        STEPS.put("getRemoteUser", (call, words) -> call.request.getRemoteUser());
        STEPS.put("getAuthType", (call, words) -> call.request.getAuthType());
        STEPS.put("isUserInRole", (call, words) -> call.request.isUserInRole(words[0]));
    }

    private static void application() {
        STEPS.put("getSessionTimeout", (call, words) -> call.application.getSessionTimeout());
        STEPS.put("setSessionTimeout", (call, words) -> {
            call.application.setSessionTimeout(Integer.parseInt(words[0]));
            return done();
        });
        STEPS.put("getEffectiveSessionTrackingModes", (call, words) -> modes(call.application));
        STEPS.put("setSessionTrackingModes", (call, words) -> {
            call.application.setSessionTrackingModes(Set.of(SessionTrackingMode.URL));
            return done();
        });
        STEPS.put("describeCookie", (call, words) -> {
            SessionCookieConfig cookie = call.application.getSessionCookieConfig();
            return cookie.getName() + " " + cookie.getPath() + " " + cookie.getMaxAge() + " " + cookie.isHttpOnly()
                    + " " + cookie.isSecure() + " " + cookie.getAttributes();
        });
        STEPS.put("setCookieName", (call, words) -> {
            call.application.getSessionCookieConfig().setName(words[0]);
            return done();
        });
        STEPS.put("setContextAttribute", (call, words) -> {
            call.application.setAttribute(words[0], words[1]);
            return done();
        });
        STEPS.put("removeContextAttribute", (call, words) -> {
            call.application.removeAttribute(words[0]);
            return done();
        });
        STEPS.put("getContextPath", (call, words) -> call.application.getContextPath());
    }

    private static String modes(ServletContext application) {
        return new TreeSet<>(application.getEffectiveSessionTrackingModes()).toString();
    }

    /** The other servlet performs the steps of the parameter "then". */
    private static void dispatch() {
        STEPS.put("forward", (call, words) -> {
            dispatcher(call.application).forward(call.request, call.response);
            return done();
        });
        STEPS.put("include", (call, words) -> {
            dispatcher(call.application).include(call.request, call.response);
            return done();
        });
        STEPS.put("includeOf", (call, words) -> {
            dispatcher(call.application.getContext(words[0])).include(call.request, call.response);
            return done();
        });
    }

    private static RequestDispatcher dispatcher(ServletContext application) {
        return application.getRequestDispatcher("/then");
    }

    private static void other() {
        STEPS.put("pass", (call, words) -> {
            Gate.named(words[0]).pass();
            return done();
        });
        // Until clocks show it.
        STEPS.put("linger", (call, words) -> {
            long until = System.currentTimeMillis() + 20;
            while (System.currentTimeMillis() < until) {
                Thread.onSpinWait();
            }
            return done();
        });
        STEPS.put("now", (call, words) -> System.currentTimeMillis());
    }
}
