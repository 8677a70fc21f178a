package dev.holdfast.store.redis;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisson.config.Config;
import org.redisson.config.ConfigSupport;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Redisson's own YAML file.
 *
 * <p>In our jar Redisson lives in another package, and a file names classes as Redisson's documentation does. Such names
 * are translated before the file is read. The delays among them become beans of ours in any case: Redisson reads its own
 * by a table of their full names, which nobody can extend and which the relocation of the jar does not reach.
 */
final class YamlConfig {

    /** Put together at run time, or the relocation of the jar would rewrite this string, too. */
    private static final String DOCUMENTED_PACKAGE = String.join(".", "org", "redisson") + ".";

    private static final String ACTUAL_PACKAGE =
            Config.class.getName().substring(0, Config.class.getName().length() - "config.Config".length());

    /** A class of Redisson as a tag, in either notation; the class without Redisson's package. */
    private static final Pattern TAG = Pattern.compile("!<" + Pattern.quote(DOCUMENTED_PACKAGE) + "([\\w.$]+)>|!!"
            + Pattern.quote(DOCUMENTED_PACKAGE) + "([\\w.$]+)");

    private static final Map<String, Class<?>> DELAYS = Map.of(
            "config.ConstantDelay", YamlDelay.Constant.class,
            "config.EqualJitterDelay", YamlDelay.EqualJitter.class,
            "config.FullJitterDelay", YamlDelay.FullJitter.class,
            "config.DecorrelatedJitterDelay", YamlDelay.DecorrelatedJitter.class);

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

    static String translate(String text, String actualPackage) {
        return TAG.matcher(text).replaceAll(tag -> {
            String type = tag.group(1) == null ? tag.group(2) : tag.group(1);
            Class<?> delay = DELAYS.get(type);
            return Matcher.quoteReplacement("!!" + (delay == null ? actualPackage + type : delay.getName()));
        });
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
}
