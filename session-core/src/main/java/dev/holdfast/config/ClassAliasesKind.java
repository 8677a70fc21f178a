package dev.holdfast.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What classes are called now: {@code old=new}, with a semicolon between them. */
final class ClassAliasesKind implements Kind<Map<String, String>> {

    private static final Pattern NAME =
            Pattern.compile("[\\p{javaJavaIdentifierPart}-]+(\\.[\\p{javaJavaIdentifierPart}-]+)*");

    @Override
    public Map<String, String> read(String text) {
        Map<String, String> aliases = new LinkedHashMap<>();
        for (String part : text.split("[;,]", -1)) {
            if (part.isBlank()) {
                continue;
            }
            String[] names = part.split("=", -1);
            if (names.length != 2) {
                throw BadValueException.because(Masking.shown(part.strip()) + " has not the form old=new");
            }
            if (aliases.put(names[0].strip(), names[1].strip()) != null) {
                throw BadValueException.because(Masking.shown(names[0].strip()) + " stands there twice");
            }
        }
        check(aliases);
        return Map.copyOf(aliases);
    }

    @Override
    public void check(Map<String, String> value) {
        value.forEach((stored, today) -> {
            checkName(stored);
            checkName(today);
            if (value.containsKey(today)) {
                throw BadValueException.because(
                        Masking.shown(today) + " is a new name and an old one: write the newest name for each old one");
            }
        });
    }

    private static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw BadValueException.because(Masking.shown(name) + " is not the name of a class");
        }
    }

    @Override
    public String write(Map<String, String> value) {
        return value.entrySet().stream()
                .map(alias -> alias.getKey() + "=" + alias.getValue())
                .sorted()
                .collect(Collectors.joining(";"));
    }

    @Override
    public String allowed() {
        return "old=new with ; between them, the full names of classes; nested ones with $, as in com.shop.Cart$Item";
    }
}
