package dev.holdfast.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/** An exploded web application with classes and a web.xml of its own. */
final class WebApplication {

    private static final String WEB_XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
              <servlet>
                <servlet-name>main</servlet-name>
                <servlet-class>%s</servlet-class>
              </servlet>
              <servlet-mapping>
                <servlet-name>main</servlet-name>
                %s
              </servlet-mapping>
            </web-app>
            """;

    /** The class of the shop's servlet, as the web application sees it. */
    static final String SHOP_SERVLET = "example.shop.ShopServlet";

    static final String[] SHOP_PATHS = {"/add", "/show", "/fill", "/check", "/brief", "/end"};

    private WebApplication() {}

    /** The shop, whose classes are copied from the test classes. */
    static void deployShop(Path directory) {
        Directory.copy(classesOfPackage("example/shop"), directory.resolve("WEB-INF/classes/example/shop"));
        writeWebXml(directory, SHOP_SERVLET, SHOP_PATHS);
    }

    /** A descriptor with one servlet. */
    static void writeWebXml(Path directory, String servletClass, String... urlPatterns) {
        StringBuilder patterns = new StringBuilder();
        for (String urlPattern : urlPatterns) {
            patterns.append("<url-pattern>").append(urlPattern).append("</url-pattern>");
        }
        try {
            Files.createDirectories(directory.resolve("WEB-INF"));
            Files.writeString(directory.resolve("WEB-INF/web.xml"), WEB_XML.formatted(servletClass, patterns));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path classesOfPackage(String name) {
        URL url = WebApplication.class.getClassLoader().getResource(name);
        if (url == null) {
            throw new IllegalStateException("Not compiled: " + name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
