package dev.holdfast.codec;

import java.io.Serializable;

/**
 * Stands, inside a box of Java serialization, for an object that is written beside the box. The name of this class is part
 * of the format.
 */
record Outside(int index) implements Serializable {}
