package dev.holdfast.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** All cases that the codec has to carry, by group. */
final class Corpus {

    private Corpus() {}

    static Map<String, Map<String, Supplier<Object>>> groups() {
        Map<String, Map<String, Supplier<Object>>> groups = new LinkedHashMap<>();
        groups.put("What most applications keep", Cases.serializable());
        groups.put("Values of the JDK", JdkCases.values());
        groups.put("Times and formats", JdkCases.times());
        groups.put("Collections, maps and views", JdkCases.collections());
        groups.put("Exceptions", JdkCases.throwables());
        groups.put("Classes of applications", ApplicationCases.classes());
        groups.put("Graphs of objects", ApplicationCases.graphs());
        groups.put("Guava", LibraryCases.guava());
        groups.put("Joda-Time", LibraryCases.joda());
        groups.put("Vavr", LibraryCases.vavr());
        groups.put("Jackson", LibraryCases.jackson());
        groups.put("Kotlin", LibraryCases.kotlin());
        groups.put("Scala", LibraryCases.scala());
        groups.put("Spring and Spring Security", LibraryCases.spring());
        groups.put("Jakarta Faces (Mojarra)", LibraryCases.faces());
        groups.put("CDI (Weld)", WeldCases.all());
        groups.put("Hibernate", HibernateCases.all());
        return groups;
    }

    /** What Java serialization refuses to write, or cannot read again. */
    static Map<String, Map<String, Supplier<Object>>> beyondJava() {
        Map<String, Map<String, Supplier<Object>>> groups = new LinkedHashMap<>();
        groups.put("Objects that are not serializable", Cases.notSerializable());
        groups.put("Views and maps that are not serializable", JdkCases.notSerializable());
        groups.put("Classes of applications that are not serializable", ApplicationCases.notSerializable());
        groups.put("Classes whose authors forgot Serializable", Forgotten.cases());
        groups.put("Classes of libraries that are not serializable", LibraryCases.notSerializable());
        return groups;
    }
}
