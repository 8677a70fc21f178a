package dev.holdfast.config;

/** The name of a resource that the container keeps. That it is there is checked where the container is known. */
final class JndiNameKind implements Kind<String> {

    private static final int MAX_LENGTH = 200;

    @Override
    public String read(String text) {
        check(text);
        return text;
    }

    @Override
    public void check(String value) {
        if (value.contains(RedisScheme.SEPARATOR)) {
            throw BadValueException.because("it is a URI, and belongs into redis");
        }
        boolean printable = value.codePoints()
                .allMatch(character -> Characters.isPrintable(character) && !Character.isWhitespace(character));
        if (value.isEmpty() || value.length() > MAX_LENGTH || !printable) {
            throw BadValueException.because("it is not the name of a resource");
        }
    }

    @Override
    public String write(String value) {
        return value;
    }

    @Override
    public String allowed() {
        return "the JNDI name of a Redis client, such as java:comp/env/redis/sessions, with 1 to " + MAX_LENGTH
                + " characters, no spaces";
    }

    @Override
    public String shown(String text) {
        return text.contains(RedisScheme.SEPARATOR) ? Masking.shownUri(text) : Masking.shown(text);
    }
}
