/**
 * The adapter for Tomcat 10.1 and 11. {@link dev.holdfast.tomcat.RedisSessionManager} is what a {@code <Manager>} names;
 * it brings its own session and its own valve.
 */
@NullMarked
package dev.holdfast.tomcat;

import org.jspecify.annotations.NullMarked;
