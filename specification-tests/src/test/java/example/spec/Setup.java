package example.spec;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.annotation.WebListener;

/** What an application does by code when it starts. */
@WebListener
public final class Setup implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext application = event.getServletContext();
        application.addServlet("steps", new Steps("step")).addMapping("/step", "/secret/step");
        application.addServlet("then", new Steps("then")).addMapping("/then");
        application.addListener(new AddedListener());
        if (application.getInitParameter("byCode") != null) {
            configureSessions(application);
        }
    }

    private static void configureSessions(ServletContext application) {
        application.setSessionTimeout(7);
        SessionCookieConfig cookie = application.getSessionCookieConfig();
        cookie.setName("BYCODE");
        cookie.setHttpOnly(false);
        cookie.setSecure(true);
        cookie.setMaxAge(120);
        cookie.setAttribute("SameSite", "Lax");
    }
}
