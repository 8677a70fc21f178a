/**
 * What happens when Redis does not answer: a breaker that stops asking, a probe that finds out when it is back, and a
 * connector for a Redis that is not there at the start.
 */
@NullMarked
package dev.holdfast.fallback;

import org.jspecify.annotations.NullMarked;
