/**
 * The demo: a Redis and two Tomcats in one process, and a page that shows one session on both. {@link
 * dev.holdfast.demo.Demo} starts and ends everything; the page, its actions and what it keeps in the session are those
 * of any web application and know nothing of Holdfast.
 */
@NullMarked
package dev.holdfast.demo;

import org.jspecify.annotations.NullMarked;
