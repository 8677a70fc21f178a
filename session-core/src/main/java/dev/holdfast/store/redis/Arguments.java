package dev.holdfast.store.redis;

import dev.holdfast.crypto.Vault;
import dev.holdfast.model.Delta;
import dev.holdfast.model.OfflineDelta;
import dev.holdfast.model.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The arguments of one script call, in the order in which the script expects them. */
final class Arguments {

    /** Longer items of the change log are cut down by the script anyway; see {@code commit.lua}. */
    private static final int MAX_LOG_ITEM_LENGTH = 512;

    /** In front of the name of an attribute, as in the hash. */
    static final String FIELD = "a";

    private static final short ANY_NAME = (short) 0xFFFF;

    private final List<Object> values = new ArrayList<>();

    /** Of the session; null if there is none. */
    private final @Nullable Vault vault;

    private Arguments(@Nullable Vault vault) {
        this.vault = vault;
    }

    /** The arguments of all scripts, see {@code prelude.lua}. */
    static Arguments of(RedisStoreOptions options, SessionId id, long createdMillis) {
        return new Arguments(options.vaultOf(id, createdMillis))
                .text(newEpoch(options))
                .number(options.ttlMargin().toMillis())
                .text(options.ids().of(id))
                .number(createdMillis);
    }

    /** The arguments of all scripts of single sign-on, see {@code sign_on_prelude.lua}. */
    static Arguments ofSignOn(RedisStoreOptions options) {
        return new Arguments(null)
                .number(options.ttlMargin().toMillis())
                .text(Long.toHexString(ThreadLocalRandom.current().nextLong()));
    }

    Arguments number(long value) {
        return text(Long.toString(value));
    }

    Arguments text(String value) {
        values.add(value.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Four bytes, or none. */
    Arguments token(OptionalInt token) {
        values.add(token.isPresent() ? tokenBytes(token.getAsInt()) : new byte[0]);
        return this;
    }

    private static byte[] tokenBytes(int token) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(token).array();
    }

    /** What values need that did not open under another id, and come here as they are; empty if they need nothing. */
    Arguments certificatesFor(Map<String, byte[]> attributes) {
        values.add(vault().certificatesFor(attributes.values()));
        return this;
    }

    /** What leads from another id to the one that the session has had, as {@link Vault#certificate} made it. */
    Arguments certificate(byte[] certificate) {
        values.add(certificate);
        return this;
    }

    private byte[] sealed(String name, byte[] value) {
        return vault().sealed(FIELD + name, value);
    }

    private Vault vault() {
        return Objects.requireNonNull(vault, "Attributes belong to a session");
    }

    /** A field name and its value, or neither if there is none. */
    Arguments field(String name, byte @Nullable [] value) {
        if (value != null) {
            text(name);
            values.add(value);
        }
        return this;
    }

    /**
     * Pairs of field name and value.
     *
     * @param nowMillis the time of Redis
     */
    Arguments attributes(Map<String, byte[]> attributes, long nowMillis) {
        byte[] instant = StampedValue.instant(nowMillis);
        attributes.forEach((name, value) -> {
            values.add(field(AttributeNames.encode(name)));
            values.add(new StampedValue(instant, sealed(name, value)));
        });
        return this;
    }

    /**
     * What {@code commit.lua} expects from its tenth argument on.
     *
     * @param nowMillis the time of Redis
     */
    Arguments changes(Delta delta, int token, long nowMillis) {
        List<byte[]> names =
                new ArrayList<>(delta.set().size() + delta.removed().size());
        delta.set().keySet().forEach(name -> names.add(AttributeNames.encode(name)));
        delta.removed().forEach(name -> names.add(AttributeNames.encode(name)));

        values.add(logItem(token, names));
        number(2L * delta.set().size());
        attributes(delta.set(), nowMillis);
        for (byte[] removed : names.subList(delta.set().size(), names.size())) {
            values.add(field(removed));
        }
        return this;
    }

    /** What {@code reconcile.lua} expects from its sixth argument on. */
    Arguments offlineChanges(OfflineDelta delta, int token) {
        text(
                delta.maxInactiveSeconds().isPresent()
                        ? Integer.toString(delta.maxInactiveSeconds().getAsInt())
                        : "");
        number(delta.lastAccessedMillis());
        number(delta.sinceMillis());
        ByteBuffer tokens = ByteBuffer.allocate(Integer.BYTES * delta.tokens().size());
        delta.tokens().forEach(tokens::putInt);
        values.add(tokens.array());
        values.add(tokenBytes(token));

        List<byte[]> sets = new ArrayList<>();
        List<byte[]> removals = new ArrayList<>();
        delta.attributes().forEach((name, change) -> {
            byte[] value = change.value();
            List<byte[]> arguments = value == null ? removals : sets;
            arguments.add(field(AttributeNames.encode(name)));
            arguments.add(Long.toString(change.changedMillis()).getBytes(StandardCharsets.UTF_8));
            if (value != null) {
                arguments.add(sealed(name, value));
            }
        });
        number(sets.size());
        values.addAll(sets);
        values.addAll(removals);
        return this;
    }

    /** What {@code reseal.lua} expects from its seventh argument on. */
    Arguments resealed(Map<String, byte[]> attributes) {
        certificatesFor(attributes);
        attributes.forEach((name, value) -> {
            values.add(field(AttributeNames.encode(name)));
            values.add(sealed(name, value));
        });
        return this;
    }

    /** What {@code restore.lua} expects from its ninth argument on: values without an instant. */
    Arguments plainAttributes(Map<String, byte[]> attributes, Set<String> removed) {
        number(2L * attributes.size());
        attributes.forEach((name, value) -> {
            values.add(field(AttributeNames.encode(name)));
            values.add(sealed(name, value));
        });
        removed.forEach(name -> values.add(field(AttributeNames.encode(name))));
        return this;
    }

    Object[] toArray() {
        return values.toArray();
    }

    /** Drawn for each call: an epoch that came back after a loss would hide the loss. */
    private static String newEpoch(RedisStoreOptions options) {
        return options.partitions() + options.ids().mark() + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    private static byte[] logItem(int token, List<byte[]> names) {
        int length = Integer.BYTES + Short.BYTES;
        for (byte[] name : names) {
            length += Short.BYTES + name.length;
            if (length > MAX_LOG_ITEM_LENGTH) {
                return ByteBuffer.allocate(Integer.BYTES + Short.BYTES)
                        .putInt(token)
                        .putShort(ANY_NAME)
                        .array();
            }
        }
        ByteBuffer item = ByteBuffer.allocate(length).putInt(token).putShort((short) names.size());
        names.forEach(name -> item.putShort((short) name.length).put(name));
        return item.array();
    }

    private static byte[] field(byte[] name) {
        byte[] field = new byte[name.length + 1];
        field[0] = 'a';
        System.arraycopy(name, 0, field, 1, name.length);
        return field;
    }
}
