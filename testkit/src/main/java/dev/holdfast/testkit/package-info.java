/**
 * What tests need of the world: real Redis processes (one, a cluster, a sentinel set) and a faulty network before them.
 * Everything listens on the loopback interface only, and everything ends with the test JVM.
 */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
