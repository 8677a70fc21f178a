package dev.holdfast.codec;

import java.io.Serializable;

/**
 * Stands, inside a box of Java serialization, for an object that is written outside of it. The name of this class is part
 * of the format.
 *
 * @param number the place of the object among those of the graph
 */
record Outside(int number) implements Serializable {}
