package dev.holdfast.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds free ports of the loopback interface. They are near the wanted ones, so below those that the operating system
 * gives to outgoing connections: one of these must not take the port of a node while the node is stopped.
 */
final class Ports {

    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    /** For each wanted port, this one or the next free one above it; all are different. */
    static List<Integer> freeFrom(int... wanted) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int port : wanted) {
                held.add(firstFree(port));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static ServerSocket firstFree(int wanted) throws IOException {
        for (int port = wanted; port < wanted + ATTEMPTS; port++) {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return socket;
            } catch (IOException taken) {
                socket.close();
            }
        }
        throw new IOException("No free port from " + wanted + " to " + (wanted + ATTEMPTS - 1));
    }
}
