package dev.holdfast.session;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a session as the map that containers work on. Reading a value decodes it when it is first asked for
 * and hands it out; writing records a change of the calling request.
 *
 * <p>Every single operation is atomic; the compound ones ({@link #putIfAbsent} and its like) are atomic among
 * themselves. Views and iterators show the names of the moment. What the container keeps in the session does not exist
 * here: see {@link ContainerAttributes}.
 */
final class SessionAttributes extends AbstractMap<String, Object> implements ConcurrentMap<String, Object> {

    private final LiveSession session;

    SessionAttributes(LiveSession session) {
        this.session = session;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        if (!(key instanceof String name) || ContainerAttributes.isReserved(name)) {
            return null;
        }
        Attribute attribute = session.look(name);
        return attribute == null ? null : open(name, attribute);
    }

    private @Nullable Object open(String name, Attribute attribute) {
        Object value = attribute.value(new Opening(session, name));
        if (value != null && !session.repository().codec().isImmutable(value)) {
            session.handOut(name, attribute);
        }
        return value;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && !ContainerAttributes.isReserved(name) && session.look(name) != null;
    }

    /**
     * Sets an attribute.
     *
     * @throws IllegalArgumentException if the name begins with the control character U+0001, as those of the container do
     */
    @Override
    public @Nullable Object put(String name, Object value) {
        if (ContainerAttributes.isReserved(name)) {
            throw new IllegalArgumentException("The name of a session attribute must not begin with U+0001");
        }
        return valueOf(name, session.put(name, Attribute.set(value)));
    }

    @Override
    public @Nullable Object remove(@Nullable Object key) {
        return key instanceof String name && !ContainerAttributes.isReserved(name)
                ? valueOf(name, session.remove(name))
                : null;
    }

    /** The value that a change has just replaced; the application gets it, but what it does to it is lost by intent. */
    private @Nullable Object valueOf(String name, @Nullable Attribute replaced) {
        return replaced == null ? null : replaced.value(new Opening(session, name));
    }

    @Override
    public synchronized @Nullable Object putIfAbsent(String name, Object value) {
        Object present = get(name);
        return present != null ? present : put(name, value);
    }

    @Override
    public synchronized boolean remove(@Nullable Object name, @Nullable Object value) {
        Object present = get(name);
        return present != null && present.equals(value) && remove(name) != null;
    }

    @Override
    public synchronized boolean replace(String name, Object oldValue, Object newValue) {
        Object present = get(name);
        return present != null && present.equals(oldValue) && put(name, newValue) != null;
    }

    @Override
    public synchronized @Nullable Object replace(String name, Object value) {
        return containsKey(name) ? put(name, value) : null;
    }

    @Override
    public int size() {
        return session.names().size();
    }

    @Override
    public void clear() {
        session.names().forEach(this::remove);
    }

    @Override
    public Set<String> keySet() {
        return session.names();
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<String, Object>> {

        @Override
        public int size() {
            return SessionAttributes.this.size();
        }

        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
            Iterator<Map.Entry<String, Object>> present = session.names().stream()
                    .<Map.Entry<String, Object>>mapMulti((name, sink) -> {
                        Object value = get(name);
                        if (value != null) {
                            sink.accept(Map.entry(name, value));
                        }
                    })
                    .iterator();
            return present;
        }
    }
}
