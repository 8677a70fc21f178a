/**
 * What the Servlet specification says of sessions, clause by clause: on Tomcat's own manager, on Holdfast, and on Holdfast
 * with every request on another node.
 */
package dev.holdfast.spec;
