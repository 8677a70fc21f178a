package example.spec;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;

/**
 * Does what a test asks for. Each value of a request parameter is a call of the Servlet API, and is answered with one line:
 * its result, or the name of the exception that it threw.
 */
final class Steps extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final String parameter;

    Steps(String parameter) {
        this.parameter = parameter;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        Call call = new Call(request, response, getServletContext());
        String[] steps = request.getParameterValues(parameter);
        for (String step : steps == null ? new String[] {} : steps) {
            String[] words = step.split(" ");
            String line = Vocabulary.perform(call, words[0], Arrays.copyOfRange(words, 1, words.length));
            response.getWriter().println(line);
        }
    }
}
