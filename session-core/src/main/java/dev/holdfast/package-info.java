/** Starts and stops everything: the only place that sees which implementations there are. */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
