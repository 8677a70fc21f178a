package dev.holdfast.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** A test of one clause, which is run at several places. {@code docs/servlet-specification.md} is made of these. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@ArgumentsSource(PlacesOfClause.class)
@interface Clause {

    /** The section of the Servlet specification 6.0, or the method of its API, that says so. */
    String of();

    /** What it says, in our words. */
    String says();

    /** Where it is tried. */
    Place[] at() default {Place.TOMCAT, Place.ONE_NODE, Place.TWO_NODES};

    /** In what Tomcat differs, and Holdfast with it; empty if it does not. */
    String butTomcat() default "";
}
