/**
 * What a session is: its id, its record in the store, and the delta that one request made. Imports nothing of ours.
 */
@NullMarked
package dev.holdfast.model;

import org.jspecify.annotations.NullMarked;
