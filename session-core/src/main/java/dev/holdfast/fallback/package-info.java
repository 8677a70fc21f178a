/** What happens when Redis does not answer: a breaker that stops asking, and a probe that finds out when it is back. */
@NullMarked
package dev.holdfast.fallback;

import org.jspecify.annotations.NullMarked;
