package dev.holdfast.config;

import java.util.List;

/**
 * Settings are wrong. The message lists every problem on a line of its own: the setting and its value (secrets masked),
 * what is allowed, and what to write. Nothing was started.
 */
public final class InvalidSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    InvalidSettingsException(List<String> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each problem, without a password; never empty. */
    public List<String> problems() {
        return problems;
    }

    private static String message(List<String> problems) {
        String count = problems.size() == 1 ? "1 setting is" : problems.size() + " settings are";
        return "HF-001 Holdfast does not start, because " + count + " wrong:\n  " + String.join("\n  ", problems);
    }
}
