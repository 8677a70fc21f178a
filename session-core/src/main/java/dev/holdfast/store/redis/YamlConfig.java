package dev.holdfast.store.redis;

import org.redisson.config.Config;
import org.redisson.config.ConfigSupport;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Redisson's own YAML file.
 *
 * <p>In our jar Redisson lives in another package, and a file names classes as Redisson's documentation does. Such names
 * are translated before the file is read.
 */
final class YamlConfig {

    /** Put together at run time, or the relocation of the jar would rewrite this string, too. */
    private static final String DOCUMENTED_PACKAGE = String.join(".", "org", "redisson") + ".";

    private static final String ACTUAL_PACKAGE =
            Config.class.getName().substring(0, Config.class.getName().length() - "config.Config".length());

    private YamlConfig() {}

    static Config read(String text, String name) {
        Config config;
        try {
            config = new ConfigSupport(YamlConfig.class.getClassLoader(), false)
                    .fromYAML(translate(text, ACTUAL_PACKAGE), Config.class);
        } catch (RuntimeException e) {
            // Without the exception: it quotes the line, and a line may hold a password.
            throw new IllegalArgumentException(
                    name + " is not a Redisson file" + position(e) + ". See the Redisson documentation.");
        }
        if (config == null) {
            throw new IllegalArgumentException(name + " is empty");
        }
        RedissonDefaults.apply(config);
        return config;
    }

    private static String position(Throwable fault) {
        String position = "";
        for (Throwable link = fault; link != null; link = link.getCause()) {
            if (link instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
                position = ": see line " + (marked.getProblemMark().getLine() + 1);
            }
        }
        return position;
    }

    static String translate(String text, String actualPackage) {
        return actualPackage.equals(DOCUMENTED_PACKAGE)
                ? text
                : text.replace("!<" + DOCUMENTED_PACKAGE, "!<" + actualPackage);
    }
}
