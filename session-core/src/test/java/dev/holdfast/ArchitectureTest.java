package dev.holdfast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** The wall: the only directions in which packages may import. */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packages_import_in_one_direction = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("wiring")
            .definedBy("dev.holdfast")
            .layer("config")
            .definedBy("dev.holdfast.config")
            .layer("session")
            .definedBy("dev.holdfast.session")
            .layer("expiry")
            .definedBy("dev.holdfast.expiry")
            .layer("codec")
            .definedBy("dev.holdfast.codec")
            .layer("redis")
            .definedBy("dev.holdfast.store.redis")
            .layer("memory")
            .definedBy("dev.holdfast.store.memory")
            .layer("fallback")
            .definedBy("dev.holdfast.fallback")
            .layer("store")
            .definedBy("dev.holdfast.store")
            .layer("model")
            .definedBy("dev.holdfast.model")
            .layer("crypto")
            .definedBy("dev.holdfast.crypto")
            .whereLayer("wiring")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("wiring", "redis")
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("expiry")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("codec")
            .mayOnlyBeAccessedByLayers("wiring", "session")
            .whereLayer("redis")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("memory")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("fallback")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("wiring", "session", "expiry", "redis", "memory", "fallback")
            .whereLayer("crypto")
            .mayOnlyBeAccessedByLayers("wiring", "config", "redis", "fallback")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("wiring", "session", "expiry", "store", "redis", "memory", "fallback");

    @ArchTest
    static final ArchRule there_are_no_cycles =
            slices().matching("dev.holdfast.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_core_knows_no_container = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta..", "javax.servlet..", "org.apache..", "org.eclipse..");

    @ArchTest
    static final ArchRule only_the_redis_store_knows_redisson = noClasses()
            .that()
            .resideOutsideOfPackage("dev.holdfast.store.redis")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.redisson..", "io.netty..");

    @ArchTest
    static final ArchRule only_the_codec_knows_kryo = noClasses()
            .that()
            .resideOutsideOfPackage("dev.holdfast.codec")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.esotericsoftware..", "org.objenesis..", "net.jpountz..");

    @ArchTest
    static final ArchRule encryption_imports_nothing_of_ours = classes()
            .that()
            .resideInAPackage("dev.holdfast.crypto")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "javax.crypto..", "dev.holdfast.crypto", "org.jspecify..", "org.slf4j..");

    @ArchTest
    static final ArchRule the_model_imports_nothing_of_ours = classes()
            .that()
            .resideInAPackage("dev.holdfast.model")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "dev.holdfast.model", "org.jspecify..");

    /** A clock comes in by a constructor, and that of the node may be wrong. */
    @ArchTest
    static final ArchRule nobody_asks_the_clock_of_the_node = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);
}
