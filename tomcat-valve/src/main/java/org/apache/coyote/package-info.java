/**
 * One class that must live in Tomcat's package, because what it wraps can only be reached from there. See {@code
 * docs/decisions/0001-response-boundary.md}.
 */
@NullMarked
package org.apache.coyote;

import org.jspecify.annotations.NullMarked;
