package dev.tidings.ops;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the rules for modules, packages and topologies in the compiled classes. */
class ArchitectureTest {

    private static final String[] SCHEMAS = {"dev.tidings.schemas..", "dev.tidings.v1..", "dev.tidings.state.."};
    private static final String[] GENERATED = {"dev.tidings.v1..", "dev.tidings.state.."};
    private static final String[] TOPOLOGIES = {
        "dev.tidings.processors.intake..",
        "dev.tidings.processors.conversation..",
        "dev.tidings.processors.inbox..",
        "dev.tidings.processors.presence..",
        "dev.tidings.processors.notification..",
        "dev.tidings.processors.moderation..",
        "dev.tidings.processors.store..",
        "dev.tidings.processors.partitioning.."
    };

    private static final String[] DOMAIN = {"dev.tidings.processors..", "dev.tidings.schemas.."};

    private static final Set<String> CLOCKS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.Date.<init>",
            "org.apache.kafka.streams.processor.api.ProcessorContext.currentSystemTimeMs",
            "org.apache.kafka.streams.processor.api.ProcessingContext.currentSystemTimeMs");
    private static final Set<String> CLOCK_TYPES =
            Set.of("java.time.Clock", "java.time.InstantSource", "org.apache.kafka.common.utils.Time");

    private static final Set<String> CHANCE = Set.of(
            "java.lang.Math.random",
            "java.lang.System.identityHashCode",
            "java.util.UUID.randomUUID",
            "java.util.Collections.shuffle",
            "dev.tidings.schemas.id.CommandId.next");
    private static final Set<String> CHANCE_TYPES = Set.of(
            "java.util.Random",
            "java.util.random.RandomGenerator",
            "java.util.concurrent.ThreadLocalRandom",
            "java.security.SecureRandom");

    private static final Set<String> UNORDERED_TYPES = Set.of(
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.IdentityHashMap",
            "java.util.WeakHashMap",
            "java.util.concurrent.ConcurrentHashMap");

    private static final JavaClasses OURS = imported();

    /** A rule about no classes always holds; so each module must have some. */
    @ParameterizedTest
    @ValueSource(strings = {"schemas", "gateway", "processors", "connectors", "ops", "v1", "state"})
    void every_module_is_imported(String module) {
        assertTrue(OURS.stream()
                .anyMatch(type -> type.getPackageName().startsWith("dev.tidings." + module)
                        && !type.getSimpleName().equals("package-info")));
    }

    @Test
    void schemas_depend_on_nothing_else_of_ours() {
        assertDependsOnlyOnItselfAnd(SCHEMAS, SCHEMAS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.tidings.gateway..", "dev.tidings.processors..", "dev.tidings.connectors.."})
    void gateways_processors_and_connectors_depend_on_schemas_only(String module) {
        assertDependsOnlyOnItselfAnd(SCHEMAS, module);
    }

    @Test
    void topologies_use_no_time_but_that_of_the_record() {
        assertTopologiesNeverTouch(CLOCKS, CLOCK_TYPES);
    }

    @Test
    void topologies_use_no_randomness() {
        assertTopologiesNeverTouch(CHANCE, CHANCE_TYPES);
    }

    @Test
    void topologies_use_no_unordered_collections() {
        assertTopologiesNeverTouch(
                Set.of(
                        "java.util.stream.Collectors.toSet",
                        "java.util.stream.Collectors.toMap",
                        "java.util.stream.Collectors.groupingBy"),
                UNORDERED_TYPES);
    }

    @Test
    void packages_form_no_cycles() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new EachPackage())
                .should()
                .beFreeOfCycles()
                .check(OURS);
    }

    /** A file is a top-level class with its nested classes. */
    @Test
    void files_of_the_domain_form_no_cycles() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new EachFileOfTheDomain())
                .should()
                .beFreeOfCycles()
                .check(OURS);
    }

    @Test
    void every_package_has_a_package_info() {
        List<String> silent = OURS.stream()
                .filter(not(resideInAnyPackage(GENERATED)))
                .map(JavaClass::getPackage)
                .distinct()
                .filter(somePackage -> somePackage.tryGetPackageInfo().isEmpty())
                .map(JavaPackage::getName)
                .sorted()
                .toList();

        assertEquals(List.of(), silent);
    }

    private static JavaClasses imported() {
        // the rules go by names, so classes of others need not be read
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.tidings");
    }

    private static void assertDependsOnlyOnItselfAnd(String[] others, String... module) {
        String[] allowed = Stream.of(others, module).flatMap(Stream::of).toArray(String[]::new);
        noClasses()
                .that()
                .resideInAnyPackage(module)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.tidings..").and(not(resideInAnyPackage(allowed))))
                .check(OURS);
    }

    private static void assertTopologiesNeverTouch(Set<String> members, Set<String> types) {
        noClasses()
                .that()
                .resideInAnyPackage(TOPOLOGIES)
                .should()
                .accessTargetWhere(describe("any of " + members, access -> members.contains(nameOf(access))))
                .orShould()
                .dependOnClassesThat(describe("any of " + types, type -> types.contains(type.getName())))
                .because("the same log must lead to the same decisions, at any time and for every reader")
                .check(OURS);
    }

    private static String nameOf(JavaAccess<?> access) {
        return access.getTargetOwner().getName() + '.' + access.getTarget().getName();
    }

    /** A package is a slice of its own; what lies below it is another. Left out are generated messages. */
    private static final class EachPackage implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return resideInAnyPackage(GENERATED).test(type)
                    ? SliceIdentifier.ignore()
                    : SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    private static final class EachFileOfTheDomain implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return resideInAnyPackage(DOMAIN).test(type)
                    ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "files";
        }
    }
}
