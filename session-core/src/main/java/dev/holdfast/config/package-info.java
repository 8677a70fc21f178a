/**
 * Reads and checks the settings: from attributes of the container, from {@code holdfast.yaml}, or from Java. The result
 * is one immutable record; a failure is one exception that lists <em>all</em> problems. Imports nothing of ours.
 */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
