package dev.holdfast.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import example.probe.Journal;
import example.probe.Journal.Entry;
import example.probe.Journal.Topic;
import java.time.Duration;
import java.util.List;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of clauses have in common. They are HTTP clients, and read what listeners have written down. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
abstract class SpecificationTest {

    @BeforeEach
    void forgetWhatWasHeard() {
        Journal.clear();
    }

    /** What was heard of since the last call, or since the beginning of the test. */
    static List<String> heard(Topic... topics) {
        List<String> texts = heardSoFar(topics);
        Journal.clear();
        return texts;
    }

    /** The same, and it is not forgotten. */
    static List<String> heardSoFar(Topic... topics) {
        return Journal.entries(topics).stream().map(Entry::text).toList();
    }

    /** Waits for something to be heard of. The last call of {@link #heard} is not undone. */
    static void awaitHeard(Topic topic, int entries) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(Journal.entries(topic)).hasSizeGreaterThanOrEqualTo(entries));
    }
}
