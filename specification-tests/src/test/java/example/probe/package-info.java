/**
 * What the tests share with the applications that they deploy. It is not packed into them: like a jar in Tomcat's {@code
 * lib}, it outlives them.
 */
package example.probe;
