package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;
import dev.holdfast.model.SignOnId;
import dev.holdfast.store.StoredSignOn;
import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The principals of single sign-ons on this node: as objects here, as bytes for all others. A principal that cannot become
 * bytes stays here, and the store holds a <em>ticket</em> in its place; it counts as long as the store holds that ticket.
 * Nothing here says that a sign-on lives: only the store does. Thread-safe.
 */
final class SignOnPrincipals {

    private static final Logger log = LoggerFactory.getLogger("dev.holdfast.session");

    /** How long an object is kept that can be decoded again. */
    private static final Duration DECODED = Duration.ofMinutes(10);

    /** For sign-ons that nobody has looked up yet, so that the intervals of their sessions are not known. */
    private static final Duration UNKNOWN_INTERVAL = Duration.ofDays(1);

    private static final int MOST_KINDS = 100;

    private final AttributeCodec codec;
    private final PrincipalRules rules;
    private final Duration margin;
    private final LongSupplier nanoTicker;
    private final Map<SignOnId, Known> known = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param margin how long a sign-on outlives its sessions */
    SignOnPrincipals(AttributeCodec codec, PrincipalRules rules, Duration margin, LongSupplier nanoTicker) {
        this.codec = codec;
        this.rules = rules;
        this.margin = margin;
        this.nanoTicker = nanoTicker;
    }

    /** What the store keeps of a login. */
    StoredSignOn stored(SignOnId id, SignOn signOn) {
        Principal principal = signOn.principal();
        byte[] bytes = principal == null ? null : shareableBytes(principal);
        String ticket = bytes == null ? UUID.randomUUID().toString() : null;
        if (principal == null) {
            known.remove(id);
        } else {
            known.put(id, new Known(bytes, ticket, principal, nanoTicker.getAsLong(), UNKNOWN_INTERVAL.plus(margin)));
        }
        return new StoredSignOn(bytes, ticket, signOn.authType(), signOn.username(), signOn.password());
    }

    private byte @Nullable [] shareableBytes(Principal principal) {
        Object kept = rules.unshareable(principal).orElse(null);
        if (kept != null) {
            rules.keptHere(kept, "it is not serializable");
            return null;
        }
        try {
            byte[] bytes = PatientEncoder.encode(codec, principal);
            if (codec.decode(bytes) instanceof Principal) {
                return bytes;
            }
            rules.keptHere(principal, "it is no principal any more when it is read again");
        } catch (CodecException | ConcurrentModificationException unwritable) {
            rules.keptHere(principal, String.valueOf(unwritable.getMessage()));
        }
        return null;
    }

    /** The principal of a sign-on that was found just now; null if this node cannot know it. */
    @Nullable
    Principal of(SignOnId id, StoredSignOn.Found found) {
        StoredSignOn stored = found.signOn();
        Known present = known.get(id);
        if (present != null && present.isOf(stored)) {
            present.used(nanoTicker.getAsLong(), idleLimit(stored, found.longestIntervalSeconds()));
            return present.principal;
        }
        if (present != null) {
            known.remove(id, present);
        }
        Principal decoded = stored.principal() == null ? null : decoded(stored.principal());
        if (decoded != null) {
            known.put(id, new Known(stored.principal(), null, decoded, nanoTicker.getAsLong(), DECODED));
        }
        return decoded;
    }

    /** An object that cannot be decoded again is kept until its sign-on must have ended. */
    private @Nullable Duration idleLimit(StoredSignOn stored, OptionalInt longestIntervalSeconds) {
        if (stored.principal() != null) {
            return DECODED;
        }
        return longestIntervalSeconds.isPresent()
                ? Duration.ofSeconds(longestIntervalSeconds.getAsInt()).plus(margin)
                : null;
    }

    private @Nullable Principal decoded(byte[] bytes) {
        try {
            Object decoded = codec.decode(bytes);
            if (decoded instanceof Principal principal) {
                return principal;
            }
            undecodable("it is a " + decoded.getClass().getName());
        } catch (CodecException unreadable) {
            undecodable(String.valueOf(unreadable.getMessage()));
        }
        return null;
    }

    private void undecodable(String reason) {
        if (told.size() < MOST_KINDS && told.add(reason)) {
            log.error(
                    "HF-502 The principal of a single sign-on cannot be read: {}. Its bytes stay in Redis; on this node the"
                            + " user is asked to log in again. Run the same container with the same realm on all"
                            + " nodes, with its classes in lib. Told once per reason.",
                    reason);
        }
    }

    void forget(SignOnId id) {
        known.remove(id);
    }

    /** Lets go of what nobody has used for long. */
    void tidy() {
        long now = nanoTicker.getAsLong();
        known.values().removeIf(present -> present.isIdle(now));
    }

    private static final class Known {
        private final byte @Nullable [] bytes;
        private final @Nullable String ticket;
        private final Principal principal;
        private volatile long usedNanos;
        private volatile @Nullable Duration idleLimit;

        Known(
                byte @Nullable [] bytes,
                @Nullable String ticket,
                Principal principal,
                long usedNanos,
                @Nullable Duration idleLimit) {
            this.bytes = bytes;
            this.ticket = ticket;
            this.principal = principal;
            this.usedNanos = usedNanos;
            this.idleLimit = idleLimit;
        }

        boolean isOf(StoredSignOn stored) {
            return ticket == null
                    ? stored.principal() != null && Arrays.equals(bytes, stored.principal())
                    : ticket.equals(stored.ticket());
        }

        void used(long nowNanos, @Nullable Duration limit) {
            usedNanos = nowNanos;
            idleLimit = limit;
        }

        boolean isIdle(long nowNanos) {
            Duration limit = idleLimit;
            return limit != null && nowNanos - usedNanos > limit.toNanos();
        }
    }
}
