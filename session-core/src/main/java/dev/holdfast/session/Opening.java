package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.CodecException;

/**
 * Somebody asks for the value of an attribute: how it is made an object, and who is told.
 *
 * @param session the session
 * @param name the name of the attribute in the record
 */
record Opening(LiveSession session, String name) {

    AttributeCodec codec() {
        SessionRepository repository = session.repository();
        return ContainerAttributes.isReserved(name) ? repository.containerCodec() : repository.codec();
    }

    /** No class can be made of the bytes. */
    void undecodable(CodecException cause) {
        session.repository().reports().undecodable(session.id(), name, cause);
    }

    /** Whether an object that was just decoded is to be told that it has come to this node. */
    boolean isListener(Object value) {
        return !ContainerAttributes.isReserved(name)
                && session.repository().lifecycle().isListener(value);
    }

    void activate(Object value) {
        try {
            session.repository().lifecycle().didActivate(session, value);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError thrown) {
            session.repository().reports().listenerFailed(session.id(), name, "activation", thrown);
        }
    }
}
