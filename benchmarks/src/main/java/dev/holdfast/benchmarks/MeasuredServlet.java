package dev.holdfast.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** What clients of a benchmark ask for. */
final class MeasuredServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final int FOR_EVER = 0;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().print(answer(request));
    }

    private static Object answer(HttpServletRequest request) {
        return switch (request.getRequestURI()) {
            case "/create" -> create(request);
            case "/read" -> read(request);
            case "/ends" -> EndCounter.ends();
            case "/numbers" -> EndCounter.numbers();
            case "/cpu" -> cpuMillis();
            default -> throw new IllegalArgumentException(request.getRequestURI());
        };
    }

    /** A small session; with {@code number} and {@code endsAt} (milliseconds) one whose time is over then. */
    private static Object create(HttpServletRequest request) {
        HttpSession session = request.getSession();
        session.setAttribute("user", "somebody@example.com");
        session.setAttribute("locale", "en-GB");
        String number = request.getParameter("number");
        if (number == null) {
            session.setMaxInactiveInterval(FOR_EVER);
        } else {
            session.setAttribute(EndCounter.NUMBER, Integer.valueOf(number));
            long left = Long.parseLong(request.getParameter("endsAt")) - System.currentTimeMillis();
            session.setMaxInactiveInterval((int) Math.max(1, Math.round(left / 1000.0)));
        }
        return session.getId();
    }

    private static Object read(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            throw new IllegalStateException("No session");
        }
        return session.getAttribute("user");
    }

    private static long cpuMillis() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1_000_000;
    }
}
