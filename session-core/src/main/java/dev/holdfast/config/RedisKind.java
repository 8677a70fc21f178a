package dev.holdfast.config;

/** The URI of a Redis. Its password never comes out of here as text. */
final class RedisKind implements Kind<RedisAddress> {

    @Override
    public RedisAddress read(String text) {
        return RedisUriParser.parse(text);
    }

    @Override
    public void check(RedisAddress value) {
        // An address is checked where it is made.
    }

    @Override
    public String write(RedisAddress value) {
        return value.toString();
    }

    @Override
    public String allowed() {
        return "redis[s]://[[user]:password@]host[:port][/database], "
                + "redis[s]-sentinel://[[user]:password@]host[:port],.../master[/database], "
                + "redis[s]-cluster://[[user]:password@]host[:port],...";
    }

    @Override
    public String shown(String text) {
        return Masking.shownUri(text);
    }
}
