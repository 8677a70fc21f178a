package dev.holdfast.demo;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Says in words what the visitor has just seen. */
final class Story {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private Story() {}

    /** Says it, and remembers that it was said. */
    static String of(Visit visit, Node node) {
        String who = who(visit.answeredBy(node.name()), node.name());
        Optional<String> news = visit.takeNews();
        if (news.isPresent()) {
            return who + ". " + news.get();
        }
        if (visit.isNew()) {
            return who + " and made a new session for you. It is in Redis now, so both nodes have it.";
        }
        return who + ". "
                + visit.cart()
                        .lastChange()
                        .map(Story::tell)
                        .orElse("It found your session in Redis. Put something into the cart.");
    }

    private static String who(Optional<String> before, String now) {
        return "Node " + now + " answered"
                + before.filter(name -> !name.equals(now))
                        .map(name -> ", the page before came from node " + name)
                        .orElse("");
    }

    private static String tell(CartChange change) {
        return "The cart was changed in place on node " + change.nodeName() + " at " + clock(change.time()) + " ("
                + change.what() + "); nobody called setAttribute.";
    }

    static String clock(Instant time) {
        return CLOCK.format(time);
    }
}
