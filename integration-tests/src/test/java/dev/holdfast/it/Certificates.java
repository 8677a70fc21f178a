package dev.holdfast.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and self-signed certificates in PKCS12 files of a directory, made by the JDK's keytool. */
final class Certificates {

    static final String PASSWORD = "changeit";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;

    Certificates(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes a key.
     *
     * @param name of the file
     * @param distinguishedName whom it is for
     */
    Certificates key(String name, String distinguishedName) {
        run(
                name,
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                distinguishedName,
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2");
        return this;
    }

    /** Makes a file that trusts the certificates of keys. */
    Certificates trust(String name, String... keys) {
        for (String key : keys) {
            Path certificate = directory.resolve(key + ".cer");
            run(key, "-exportcert", "-alias", key, "-file", certificate.toString());
            run(name, "-importcert", "-noprompt", "-alias", key, "-file", certificate.toString());
        }
        return this;
    }

    Path file(String name) {
        return directory.resolve(name + ".p12");
    }

    private void run(String store, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", file(store).toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        try (ChildProcess keytool = ChildProcess.start(new ProcessBuilder(command), directory.resolve("keytool.log"))) {
            int status = keytool.awaitEnd(PATIENCE);
            if (status != 0) {
                throw new IllegalStateException("keytool: " + keytool.output());
            }
        }
    }

    /**
     * What a client needs.
     *
     * @param key its own, or null if it has none
     * @param trusted the file of those that it trusts
     */
    SSLContext context(String key, String trusted) throws GeneralSecurityException, IOException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load(trusted));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(key == null ? null : load(key), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(key == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore load(String name) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file(name))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }
}
