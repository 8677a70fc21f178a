package dev.holdfast.store.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the driver said, fit for a log. The driver's own exceptions quote the command with its arguments: whole session
 * ids, which are credentials. Kept are the class, the first part of the message, and the stack trace.
 */
final class DriverFault extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 300;
    private static final int MAX_DEPTH = 8;

    /** Where messages of Redis and of Redisson begin to quote. */
    private static final Pattern QUOTATION = Pattern.compile(
            "[.,;:]?\\s*((channel|command|params|data|node source|connection|keys?):\\s|with args)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern KEY = Pattern.compile("(:s:|:moved:|:lock:|:sso:[^{}]*:\\{)([\\w-]{0,4})[\\w-]*");

    private DriverFault(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static DriverFault of(Throwable fault) {
        return of(fault, 0);
    }

    /** The part of a message that quotes no argument. */
    static String harmless(@Nullable String message) {
        if (message == null) {
            return "";
        }
        Matcher quotation = QUOTATION.matcher(message);
        String kept = quotation.find() ? message.substring(0, quotation.start()) : message;
        kept = KEY.matcher(kept).replaceAll("$1$2…").strip();
        return kept.length() <= MAX_LENGTH ? kept : kept.substring(0, MAX_LENGTH) + "…";
    }

    private static DriverFault of(Throwable fault, int depth) {
        Throwable cause = fault.getCause();
        DriverFault copy = new DriverFault(
                fault.getClass().getName() + ": " + harmless(fault.getMessage()),
                cause == null || depth == MAX_DEPTH ? null : of(cause, depth + 1));
        copy.setStackTrace(fault.getStackTrace());
        return copy;
    }
}
