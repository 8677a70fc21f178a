package dev.holdfast.codec;

import com.esotericsoftware.kryo.io.Input;

/**
 * Reads an array of bytes and believes no length in it: whatever is announced must fit into the bytes that are left, and
 * all collections together into the whole, before memory is allocated for it.
 */
final class BoundedInput extends Input {

    private long announcedElements;

    BoundedInput(byte[] bytes) {
        super(bytes);
    }

    /**
     * Reads the length of a collection, each element of which takes a byte at least.
     *
     * @throws GraphException if there cannot be that many elements
     */
    static int readLength(Input input) {
        if (!(input instanceof BoundedInput bounded)) {
            throw new IllegalArgumentException("Not a bounded input");
        }
        int length = input.readVarInt(true);
        bounded.checkFits(length);
        bounded.announcedElements += length;
        if (bounded.announcedElements > bounded.limit()) {
            throw damaged();
        }
        return length;
    }

    private static GraphException damaged() {
        return new GraphException("the bytes are damaged: a length exceeds what is there");
    }

    private void checkFits(long bytes) {
        if (bytes < 0 || bytes > limit() - position()) {
            throw damaged();
        }
    }

    @Override
    public String readString() {
        if (readVarIntFlag()) {
            int start = position();
            checkFits(Math.max(0L, readVarIntFlag(true) - 1L));
            setPosition(start);
        }
        String text = super.readString();
        if (text == null) {
            throw damaged();
        }
        return text;
    }

    @Override
    public byte[] readBytes(int length) {
        checkFits(length);
        return super.readBytes(length);
    }

    @Override
    public int[] readInts(int length) {
        checkFits((long) length * Integer.BYTES);
        return super.readInts(length);
    }

    @Override
    public int[] readInts(int length, boolean optimizePositive) {
        checkFits(length);
        return super.readInts(length, optimizePositive);
    }

    @Override
    public long[] readLongs(int length) {
        checkFits((long) length * Long.BYTES);
        return super.readLongs(length);
    }

    @Override
    public long[] readLongs(int length, boolean optimizePositive) {
        checkFits(length);
        return super.readLongs(length, optimizePositive);
    }

    @Override
    public float[] readFloats(int length) {
        checkFits((long) length * Float.BYTES);
        return super.readFloats(length);
    }

    @Override
    public double[] readDoubles(int length) {
        checkFits((long) length * Double.BYTES);
        return super.readDoubles(length);
    }

    @Override
    public short[] readShorts(int length) {
        checkFits((long) length * Short.BYTES);
        return super.readShorts(length);
    }

    @Override
    public char[] readChars(int length) {
        checkFits((long) length * Character.BYTES);
        return super.readChars(length);
    }

    @Override
    public boolean[] readBooleans(int length) {
        checkFits(length);
        return super.readBooleans(length);
    }
}
