package dev.holdfast.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/** The Lua scripts, each in the resource of its name, and with what its kind shares in front of it. */
enum Script {
    LOAD,
    COMMIT(Script.PRELUDE, Script.CHANGES),
    RECONCILE(Script.PRELUDE, Script.CHANGES),
    RESTORE(Script.PRELUDE, Script.CHANGES),
    CREATE,
    RENAME,
    RESEAL,
    REMOVE,
    SUPERSEDE,
    KEEP,
    CLAIM,
    TAKE,
    FINISH,
    UNLOCK,
    RENEW,
    PROBE,
    SIGN_ON_BEGIN(Script.SIGN_ON_PRELUDE),
    SIGN_ON_LOOK(Script.SIGN_ON_PRELUDE),
    SIGN_ON_UPDATE(Script.SIGN_ON_PRELUDE),
    SIGN_ON_JOIN(Script.SIGN_ON_PRELUDE),
    SIGN_ON_LEAVE(Script.SIGN_ON_PRELUDE),
    SIGN_ON_END(Script.SIGN_ON_PRELUDE),
    SIGN_ON_RECONCILE(Script.SIGN_ON_PRELUDE),
    /** Looks at nothing, and leaves nothing: not even an epoch. */
    SIGN_ON_PROBE(new String[0]);

    private static final String PRELUDE = "prelude";
    private static final String CHANGES = "changes";
    private static final String SIGN_ON_PRELUDE = "sign_on_prelude";

    private final String text;
    private final String sha1;

    Script() {
        this(PRELUDE);
    }

    Script(String... shared) {
        this.text = Arrays.stream(shared).map(Script::read).collect(Collectors.joining()) + read(label());
        this.sha1 = sha1(text);
    }

    /** What is sent the first time. */
    String text() {
        return text;
    }

    /** What is sent from then on. */
    String sha1() {
        return sha1;
    }

    /** Its name in messages. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String read(String name) {
        String file = name + ".lua";
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("Not in the jar: " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The digest by which Redis knows a text. */
    static String sha1(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-1", e);
        }
    }
}
