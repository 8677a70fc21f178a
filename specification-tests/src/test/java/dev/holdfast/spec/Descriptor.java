package dev.holdfast.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** With which {@code web.xml} the application is deployed for a test class. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Descriptor {

    /** A file of {@code src/test/resources/webapp}. */
    String value();

    /** Whether there is a second application beside it, whose path ends with {@code -neighbour}. */
    boolean neighbour() default false;
}
