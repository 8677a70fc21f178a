package dev.holdfast.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A user who does what comes to mind, and knows what every answer has to be: this is the model. Thread-safe; one request
 * at a time.
 */
final class LoadUser {

    private static final int OK = 200;
    private static final int ATTRIBUTES = 4;

    /** The budget of a request, and what a busy machine adds: whoever takes longer has hung. */
    private static final Duration LONGEST = Duration.ofMillis(500 + 2000);

    private static final Duration SOON = Duration.ofSeconds(20);

    /** A request that took so long has perhaps used up its budget. */
    private static final Duration SLOW = Duration.ofMillis(400);

    private final int number;
    private final Target home;
    private final Target other;
    private final Latencies latencies;
    private final Random random;
    private final Browser browser = new Browser();
    private final Map<String, String> attributes = new TreeMap<>();
    private final List<String> deadCookies = new ArrayList<>();
    private boolean hasSession;
    private boolean staysAtHome;
    private boolean mayDiffer;
    private int changes;
    private String violation;

    /** @param home where all goes while the user is to stay there */
    LoadUser(int number, Target home, Target other, Latencies latencies) {
        this.number = number;
        this.home = home;
        this.other = other;
        this.latencies = latencies;
        this.random = new Random(number);
    }

    /** Does something, unless an answer was wrong: then no further one can be judged. */
    synchronized void step() {
        if (violation != null || (mayDiffer && !isKnownElsewhere())) {
            return;
        }
        Target node = staysAtHome || random.nextBoolean() ? home : other;
        int dice = random.nextInt(100);
        if (!hasSession || dice < 45) {
            set(node);
        } else if (dice < 50) {
            remove(node);
        } else if (dice < 54) {
            logOut(node);
        } else if (dice < 58) {
            changeId(node);
        } else {
            expect(node, "/all", contents());
        }
    }

    private void set(Target node) {
        String name = "n" + random.nextInt(ATTRIBUTES);
        String value = number + "." + ++changes;
        attributes.put(name, value);
        hasSession = true;
        expect(node, "/set?n=" + name + "&v=" + value, contents());
    }

    private void remove(Target node) {
        String name = "n" + random.nextInt(ATTRIBUTES);
        attributes.remove(name);
        expect(node, "/remove?n=" + name, contents());
    }

    private void logOut(Target node) {
        deadCookies.add(browser.cookie());
        hasSession = false;
        attributes.clear();
        expect(node, "/logout", "bye");
        expectDead(node);
    }

    private void changeId(Target node) {
        deadCookies.add(browser.cookie());
        expect(node, "/change-id", contents());
        expectDead(node);
    }

    /** The id that was given up last. */
    private void expectDead(Target node) {
        Browser late = new Browser().cookie(deadCookies.get(deadCookies.size() - 1));
        expect(late, node, "/all", LoadApplication.NO_SESSION);
    }

    private String contents() {
        return hasSession ? attributes.toString() : LoadApplication.NO_SESSION;
    }

    private void expect(Target node, String path, String answer) {
        expect(browser, node, path, answer);
    }

    private void expect(Browser who, Target node, String path, String answer) {
        Latencies.Phase phase = latencies.phase();
        long begun = System.nanoTime();
        String got = answer(who, node, path);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        latencies.note(phase, took.toNanos());
        if (!staysAtHome && took.compareTo(SLOW) > 0 && took.compareTo(LONGEST) <= 0) {
            // On a busy machine this may be a fault, too: the node knows what it knows, until all is brought.
            mayDiffer = true;
            return;
        }
        if (violation == null && (!got.equals(answer) || took.compareTo(LONGEST) > 0)) {
            violation = phase + ": user " + number + (node == home ? " at home" : " elsewhere") + " asked for " + path
                    + ", and the answer was " + got + " and not " + answer + ", after " + took.toMillis() + " ms";
        }
    }

    /** Whether all is well again after a request for which Redis was too slow. */
    private boolean isKnownElsewhere() {
        String contents = contents();
        mayDiffer = !answer(browser, home, "/all").equals(contents)
                || !answer(browser, other, "/all").equals(contents);
        return !mayDiffer;
    }

    /** Waits until both nodes agree with the model, if a request was too slow to be sure. */
    private void settle() {
        if (mayDiffer && violation == null) {
            await().atMost(SOON).until(this::isKnownElsewhere);
        }
    }

    private static String answer(Browser who, Target node, String path) {
        try {
            HttpResponse<String> response = who.send("POST", node.url(path));
            return response.statusCode() == OK ? response.body() : response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** From now on all goes to one node, which knows the latest. */
    synchronized void stayAtHome() {
        settle();
        staysAtHome = true;
        if (violation == null) {
            expect(home, "/all", contents());
        }
    }

    synchronized void goAnywhere() {
        staysAtHome = false;
    }

    boolean isAtHomeOn(Target node) {
        return home == node;
    }

    /** What a node says now that it should not; empty if all is well. */
    synchronized Optional<String> differenceOn(Target node) {
        if (violation != null) {
            return Optional.of(violation);
        }
        String got = answer(browser, node, "/all");
        if (!got.equals(contents())) {
            return Optional.of("user " + number + " has " + got + " and not " + contents());
        }
        return deadCookies.stream()
                .map(cookie -> answer(new Browser().cookie(cookie), node, "/all"))
                .filter(answer -> !answer.equals(LoadApplication.NO_SESSION))
                .map(answer -> "an id that user " + number + " gave up has " + answer)
                .findFirst();
    }

    synchronized Optional<String> differenceElsewhere() {
        return differenceOn(other);
    }

    /** The first answer that was wrong. */
    synchronized Optional<String> violation() {
        settle();
        return Optional.ofNullable(violation);
    }
}
