package dev.holdfast.store.redis;

import java.nio.charset.StandardCharsets;

/**
 * One short hash tag for each slot of a Redis Cluster: keys that are to lie beside any other key get the tag of its slot.
 * A slot is the CRC16 (XMODEM) of the tag, modulo 16384.
 */
final class SlotTags {

    private static final int SLOTS = 16_384;
    private static final int POLYNOMIAL = 0x1021;

    private SlotTags() {}

    /** The tag of the slot in which keys with this tag lie. */
    static String inSlotOf(String tag) {
        return Table.TAGS[slot(tag)];
    }

    static int slot(String tag) {
        int crc = 0;
        for (byte next : tag.getBytes(StandardCharsets.UTF_8)) {
            crc ^= (next & 0xFF) << 8;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
            }
        }
        return (crc & 0xFFFF) % SLOTS;
    }

    /** Made when it is needed, which takes some milliseconds. The first number counts that lies in a slot: always the same. */
    private static final class Table {
        private static final String[] TAGS = new String[SLOTS];

        static {
            int missing = SLOTS;
            for (int number = 0; missing > 0; number++) {
                String tag = Integer.toString(number, Character.MAX_RADIX);
                if (TAGS[slot(tag)] == null) {
                    TAGS[slot(tag)] = tag;
                    missing--;
                }
            }
        }
    }
}
