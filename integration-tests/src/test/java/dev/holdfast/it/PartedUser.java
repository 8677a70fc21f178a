package dev.holdfast.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A user whose requests go to two nodes that cannot see each other's changes, and what must become of his session when
 * they can. Not thread-safe.
 *
 * <p>Each node has an attribute that is set there only, and one that both set: the later value is to stay.
 */
final class PartedUser {

    private static final String BOTH = "both";

    private final int number;
    private final Fate fate;
    private final TomcatNode a;
    private final TomcatNode b;
    private final Random random;
    private final Browser onA = new Browser();
    private final Browser onB;
    private final List<String> deadCookies = new ArrayList<>();
    private final Set<String> setBoth = new TreeSet<>();
    private String valueOfA = "0";
    private String valueOfB = "0";
    private String valueOfBoth = "0";
    private int changes;
    private boolean endedOnA;
    private boolean endedOnB;

    /** What happens to a session meanwhile, besides changes of attributes. */
    enum Fate {
        EACH_NODE_SETS_ITS_OWN,
        BOTH_SET_THE_SAME,
        LOGS_OUT_ON_A,
        LOGS_OUT_ON_B,
        GETS_ANOTHER_ID_ON_A,
        ONLY_B_IS_USED
    }

    /** Begins a session that both nodes know. */
    PartedUser(int number, Fate fate, TomcatNode a, TomcatNode b) {
        this.number = number;
        this.fate = fate;
        this.a = a;
        this.b = b;
        this.random = new Random(number);
        for (String name : List.of("a", "b", BOTH)) {
            onA.get(a, "/set?v=0&n=" + name);
        }
        this.onB = onA.twin();
        require(onB.get(b, "/all"), "{a=0, b=0, both=0}");
    }

    /** Does something on one of the nodes. */
    void step() {
        boolean here = fate != Fate.ONLY_B_IS_USED && random.nextBoolean();
        String value = number + "." + ++changes;
        if (here && !endedOnA) {
            if (mayEnd(Fate.LOGS_OUT_ON_A)) {
                endedOnA = true;
                require(onA.get(a, "/logout"), "bye");
                require(onA.get(a, "/all"), LoadApplication.NO_SESSION);
            } else if (mayEnd(Fate.GETS_ANOTHER_ID_ON_A)) {
                deadCookies.add(onA.cookie());
                onA.get(a, "/change-id");
            } else if (setsBoth()) {
                requireContains(onA.get(a, "/set?n=both&v=" + value), "both=" + value);
                valueOfBoth = value;
                setBoth.add("a");
            } else {
                requireContains(onA.get(a, "/set?n=a&v=" + value), "a=" + value);
                valueOfA = value;
            }
        } else if (!here && !endedOnB) {
            if (mayEnd(Fate.LOGS_OUT_ON_B)) {
                endedOnB = true;
                require(onB.get(b, "/logout"), "bye");
                require(onB.get(b, "/all"), LoadApplication.NO_SESSION);
            } else if (setsBoth()) {
                requireContains(onB.get(b, "/set?n=both&v=" + value), "both=" + value);
                valueOfBoth = value;
                setBoth.add("b");
            } else {
                requireContains(onB.get(b, "/set?n=b&v=" + value), "b=" + value);
                valueOfB = value;
            }
        }
    }

    private boolean mayEnd(Fate wanted) {
        return fate == wanted && deadCookies.isEmpty() && changes > 2 && random.nextInt(4) == 0;
    }

    private boolean setsBoth() {
        return fate == Fate.BOTH_SET_THE_SAME && random.nextInt(3) == 0;
    }

    private void require(String answer, String wanted) {
        if (!answer.equals(wanted)) {
            throw new AssertionError("User " + number + " (" + fate + ") got " + answer + " and not " + wanted);
        }
    }

    private void requireContains(String answer, String wanted) {
        if (!answer.contains(wanted)) {
            throw new AssertionError("User " + number + " (" + fate + ") got " + answer + " without " + wanted);
        }
    }

    /** Whether both nodes have set the same attribute. */
    boolean isInConflict() {
        return setBoth.size() == 2;
    }

    /** What is not as it must be when everybody knows everything; empty if all is well. */
    Optional<String> difference() {
        String wanted = endedOnA || endedOnB
                ? LoadApplication.NO_SESSION
                : "{a=" + valueOfA + ", b=" + valueOfB + ", both=" + valueOfBoth + "}";
        for (TomcatNode node : List.of(a, b)) {
            String got = onA.twin().get(node, "/all");
            if (!got.equals(wanted)) {
                return Optional.of("user " + number + " (" + fate + ") has " + got + " and not " + wanted + " on node "
                        + (node == a ? "a" : "b"));
            }
            for (String dead : deadCookies) {
                String late = new Browser().cookie(dead).get(node, "/all");
                if (!late.equals(LoadApplication.NO_SESSION)) {
                    return Optional.of("an id that user " + number + " gave up has " + late);
                }
            }
        }
        return Optional.empty();
    }
}
