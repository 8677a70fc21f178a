/** Measures Holdfast beside Tomcat's own session manager, in nodes that are processes of their own. */
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
