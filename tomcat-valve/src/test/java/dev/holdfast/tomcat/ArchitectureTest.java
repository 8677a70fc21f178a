package dev.holdfast.tomcat;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The adapter calls the repository, and nothing behind it. */
@AnalyzeClasses(
        packages = {"dev.holdfast.tomcat", "org.apache.coyote"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_adapter_does_not_see_implementations = noClasses()
            .that()
            .resideInAPackage("dev.holdfast..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.store.redis..",
                    "dev.holdfast.store.memory..",
                    "dev.holdfast.codec..",
                    "org.redisson..",
                    "com.esotericsoftware..",
                    "net.jpountz..");

    @ArchTest
    static final ArchRule nobody_reaches_into_private_fields = noClasses()
            .that()
            .resideInAPackage("dev.holdfast..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.reflect..");
}
