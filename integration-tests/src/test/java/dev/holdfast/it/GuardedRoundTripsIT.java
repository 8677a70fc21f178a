package dev.holdfast.it;

/** P4 holds with all that guards sessions: encrypted, under hidden ids, bound to their clients, compressed, limited in size. */
class GuardedRoundTripsIT extends RoundTripsIT {

    @Override
    TomcatNode.Builder configured(TomcatNode.Builder node) {
        return node.setting("encryptionKeys", EncryptionIT.ONE + ",ids:zzYQ3m7s8pZb2kXo9hJ6tR4w5nE0uC1dLxGfAaSgB8M=")
                .setting("opaqueIds", "true")
                .setting("fingerprint", "enforce")
                .setting("compressionThreshold", "1KiB")
                .setting("maxAttributeBytes", "1MiB")
                .setting("maxSessionBytes", "4MiB")
                .setting("onOversize", "reject");
    }
}
