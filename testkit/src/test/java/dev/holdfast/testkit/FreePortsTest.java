package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void no_port_is_given_twice() {
        assertThat(Stream.generate(FreePorts::next).limit(200)).doesNotHaveDuplicates();
    }

    @Test
    void ports_lie_below_those_of_outgoing_connections() {
        assertThat(Stream.generate(FreePorts::next).limit(200)).allMatch(port -> port > 1024 && port < 32_768);
    }

    @Test
    void a_cluster_node_also_gets_a_free_bus_port() {
        int port = FreePorts.nextForClusterNode();

        assertThat(FreePorts.isFree(port + 10_000)).isTrue();
    }

    @Test
    void a_port_with_a_listener_is_not_free() throws IOException {
        try (ServerSocket listener = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePorts.isFree(listener.getLocalPort())).isFalse();
        }
    }
}
