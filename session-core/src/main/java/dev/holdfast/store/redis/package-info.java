/**
 * Sessions in Redis. The only package that knows Redisson.
 *
 * <p>Each call of the store is one Lua script, so that attributes, revision, time of expiry and index change together;
 * the scripts stand beside this package in the resources, and {@code prelude.lua} describes the layout.
 */
@NullMarked
package dev.holdfast.store.redis;

import org.jspecify.annotations.NullMarked;
