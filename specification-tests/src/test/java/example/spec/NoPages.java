package example.spec;

import jakarta.servlet.http.HttpServlet;

/** Stands where Tomcat would put its servlet for JSP. */
public final class NoPages extends HttpServlet {

    private static final long serialVersionUID = 1L;
}
