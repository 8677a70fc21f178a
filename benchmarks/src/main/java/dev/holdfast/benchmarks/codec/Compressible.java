package dev.holdfast.benchmarks.codec;

import java.util.Random;

/** Large attributes of different kinds. */
public enum Compressible {
    /** A cart of 50 items: just above the default threshold. */
    CART("cart of 50 items") {
        @Override
        Object value() {
            return new Cart("alice", 50);
        }
    },

    /** A hundred kilobytes of text with numbers in it, as a report or a JSON answer that was kept. */
    TEXT("100 KB of text") {
        @Override
        Object value() {
            StringBuilder text = new StringBuilder();
            for (int line = 0; text.length() < 100_000; line++) {
                text.append("{\"article\": ")
                        .append(line * 7919L % 100_003)
                        .append(", \"name\": \"article ")
                        .append(line)
                        .append("\", \"available\": true},\n");
            }
            return text.toString();
        }
    },

    /** What has been compressed before, as pictures are. */
    NOISE("100 KB of noise") {
        @Override
        Object value() {
            byte[] noise = new byte[100_000];
            new Random(1).nextBytes(noise);
            return noise;
        }
    };

    private final String title;

    Compressible(String title) {
        this.title = title;
    }

    abstract Object value();

    String title() {
        return title;
    }
}
