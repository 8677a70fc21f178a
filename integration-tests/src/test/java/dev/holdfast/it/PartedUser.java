package dev.holdfast.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A user whose requests go to two nodes that cannot see each other's changes, and what must become of his session when
 * they can. Not thread-safe.
 *
 * <p>Each node has an attribute that is set there only, and one that both set: the later value is to stay.
 */
final class PartedUser {

    private final int number;
    private final Fate fate;
    private final Random random;
    private final Side a;
    private final Side b;
    private final String firstCookie;
    private String valueOfBoth = "0";
    private int changes;

    /** What happens to a session meanwhile, besides changes of attributes. */
    enum Fate {
        EACH_NODE_SETS_ITS_OWN,
        BOTH_SET_THE_SAME,
        LOGS_OUT_ON_A,
        LOGS_OUT_ON_B,
        GETS_ANOTHER_ID_ON_A,
        GETS_ANOTHER_ID_ON_B,
        GETS_ANOTHER_ID_ON_BOTH,
        LOGS_OUT_ON_A_AND_GETS_ANOTHER_ID_ON_B,
        GETS_ANOTHER_ID_ON_A_AND_LOGS_OUT_ON_B,
        ONLY_B_IS_USED;

        private boolean endsOnA() {
            return this == LOGS_OUT_ON_A || this == LOGS_OUT_ON_A_AND_GETS_ANOTHER_ID_ON_B;
        }

        private boolean endsOnB() {
            return this == LOGS_OUT_ON_B || this == GETS_ANOTHER_ID_ON_A_AND_LOGS_OUT_ON_B;
        }

        private boolean movesOnA() {
            return this == GETS_ANOTHER_ID_ON_A
                    || this == GETS_ANOTHER_ID_ON_BOTH
                    || this == GETS_ANOTHER_ID_ON_A_AND_LOGS_OUT_ON_B;
        }

        private boolean movesOnB() {
            return this == GETS_ANOTHER_ID_ON_B
                    || this == GETS_ANOTHER_ID_ON_BOTH
                    || this == LOGS_OUT_ON_A_AND_GETS_ANOTHER_ID_ON_B;
        }
    }

    /** Begins a session that both nodes know. */
    PartedUser(int number, Fate fate, TomcatNode nodeA, TomcatNode nodeB) {
        this.number = number;
        this.fate = fate;
        this.random = new Random(number);
        Browser browser = new Browser();
        for (String name : List.of("a", "b", "both")) {
            browser.get(nodeA, "/set?v=0&n=" + name);
        }
        firstCookie = browser.cookie();
        a = new Side("a", nodeA, browser, fate.endsOnA(), fate.movesOnA());
        b = new Side("b", nodeB, browser.twin(), fate.endsOnB(), fate.movesOnB());
        b.require("/all", "{a=0, b=0, both=0}");
    }

    /** Does something on one of the nodes. */
    void step() {
        Side side = fate != Fate.ONLY_B_IS_USED && random.nextBoolean() ? a : b;
        changes++;
        if (!side.ended) {
            side.step(number + "." + changes);
        }
    }

    /** Whether both nodes have set the same attribute. */
    boolean isInConflict() {
        return a.setBoth && b.setBoth;
    }

    /** Whether both nodes have given the session another id. */
    boolean hasTwoIds() {
        return a.moved && b.moved;
    }

    /** What is not as it must be when everybody knows everything; empty if all is well. */
    Optional<String> difference() {
        String contents = "{a=" + a.value + ", b=" + b.value + ", both=" + valueOfBoth + "}";
        if (a.ended || b.ended) {
            return differenceOf(List.of(), allCookies(), contents);
        }
        if (hasTwoIds()) {
            // One of them counts, it does not matter which.
            Optional<String> ofA = differenceOf(List.of(a.cookie()), List.of(firstCookie, b.cookie()), contents);
            return ofA.isEmpty()
                    ? ofA
                    : differenceOf(List.of(b.cookie()), List.of(firstCookie, a.cookie()), contents)
                            .map(ofB -> ofA.get() + "; " + ofB);
        }
        String living = b.moved ? b.cookie() : a.cookie();
        return differenceOf(
                List.of(living),
                allCookies().stream().filter(cookie -> !cookie.equals(living)).toList(),
                contents);
    }

    private List<String> allCookies() {
        return Stream.of(firstCookie, a.cookie(), b.cookie()).distinct().toList();
    }

    private Optional<String> differenceOf(List<String> living, List<String> dead, String contents) {
        List<String> wrong = new ArrayList<>();
        for (Side side : List.of(a, b)) {
            living.forEach(cookie -> side.judge(cookie, contents, wrong));
            dead.forEach(cookie -> side.judge(cookie, LoadApplication.NO_SESSION, wrong));
        }
        return wrong.stream().findFirst();
    }

    /** What the user does on one of the nodes. */
    private final class Side {

        private final String name;
        private final TomcatNode node;
        private final Browser browser;
        private final boolean ends;
        private final boolean moves;
        private String value = "0";
        private boolean setBoth;
        private boolean moved;
        private boolean ended;

        Side(String name, TomcatNode node, Browser browser, boolean ends, boolean moves) {
            this.name = name;
            this.node = node;
            this.browser = browser;
            this.ends = ends;
            this.moves = moves;
        }

        String cookie() {
            return browser.cookie();
        }

        void step(String newValue) {
            boolean now = changes > 2 && random.nextInt(4) == 0;
            if (ends && now) {
                ended = true;
                require("/logout", "bye");
                require("/all", LoadApplication.NO_SESSION);
            } else if (moves && now && !moved) {
                moved = true;
                browser.get(node, "/change-id");
            } else if (fate == Fate.BOTH_SET_THE_SAME && random.nextInt(3) == 0) {
                valueOfBoth = newValue;
                setBoth = true;
                set("both", newValue);
            } else {
                value = newValue;
                set(name, newValue);
            }
        }

        private void set(String attribute, String newValue) {
            String answer = browser.get(node, "/set?n=" + attribute + "&v=" + newValue);
            if (!answer.contains(attribute + "=" + newValue)) {
                throw new AssertionError(what(answer, attribute + "=" + newValue));
            }
        }

        void require(String path, String wanted) {
            String answer = browser.get(node, path);
            if (!answer.equals(wanted)) {
                throw new AssertionError(what(answer, wanted));
            }
        }

        void judge(String cookie, String wanted, List<String> wrong) {
            String answer = new Browser().cookie(cookie).get(node, "/all");
            if (!answer.equals(wanted)) {
                wrong.add(what(answer, wanted));
            }
        }

        private String what(String answer, String wanted) {
            return "user " + number + " (" + fate + ") has " + answer + " and not " + wanted + " on node " + name;
        }
    }
}
