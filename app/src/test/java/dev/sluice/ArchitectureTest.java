package dev.sluice;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of form that hold for the whole tree; {@code docs/architecture.md} says why. */
class ArchitectureTest {
    private static final String ROOT = "dev.sluice";

    /** Which module may use which: the folder, the artifact and the package {@code dev.sluice.<module>} of each. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("protocol", Set.of()),
            Map.entry("settings", Set.of()),
            Map.entry("traffic", Set.of("protocol", "settings")),
            Map.entry("upstreams", Set.of("protocol", "settings")),
            Map.entry("policies", Set.of("protocol", "settings", "traffic")),
            Map.entry("proxy", Set.of("protocol", "settings", "traffic", "upstreams", "policies")),
            Map.entry("store", Set.of("protocol", "settings", "traffic", "admin")),
            Map.entry("admin", Set.of("settings", "traffic")),
            Map.entry("sql", Set.of("protocol")),
            Map.entry("simulator", Set.of("protocol")),
            Map.entry(
                    "app",
                    Set.of(
                            "protocol",
                            "settings",
                            "traffic",
                            "upstreams",
                            "policies",
                            "proxy",
                            "store",
                            "admin",
                            "sql",
                            "simulator")));

    private static final Set<String> MAY_DO_NETWORK_IO =
            Set.of("upstreams", "policies", "proxy", "admin", "simulator", "app");
    private static final Set<String> MAY_USE_JDBC = Set.of("store", "sql", "app");

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static String[] packagesOf(Predicate<String> modules) {
        return ALLOWED.keySet().stream()
                .filter(modules)
                .sorted()
                .map(ArchitectureTest::packageOf)
                .toArray(String[]::new);
    }

    private static String packageOf(String module) {
        return ROOT + "." + module + "..";
    }

    /** A module without code is no violation. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(ALL);
    }

    @Test
    void everyClassIsOfAModuleOfTheTable() {
        Set<String> strays = ALL.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> ALLOWED.keySet().stream()
                        .noneMatch(module -> (name + ".").startsWith(ROOT + "." + module + ".")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(strays)
                .as("packages of no module: add the module to ALLOWED")
                .isEmpty();
        assertThat(ALL.size()).as("classes seen").isPositive();
    }

    @TestFactory
    Stream<DynamicTest> modulesDependOnlyOnTheirDeclaredNeighbours() {
        return ALLOWED.keySet().stream()
                .sorted()
                .map(module -> DynamicTest.dynamicTest(module, () -> {
                    Set<String> allowed = ALLOWED.getOrDefault(module, Set.of());
                    check(noClasses()
                            .that()
                            .resideInAPackage(packageOf(module))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(packagesOf(other -> !other.equals(module) && !allowed.contains(other)))
                            .because(module + " may use " + (allowed.isEmpty() ? "no other module" : allowed)
                                    + "; what it needs of others it gets as a port from app"));
                }));
    }

    @Test
    void onlyTheDataPathAndTheEdgesKnowVertxAndNetty() {
        check(noClasses()
                .that()
                .resideInAnyPackage(packagesOf(module -> !MAY_DO_NETWORK_IO.contains(module)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .because("the other modules are pure, or block on threads of their own"));
    }

    @Test
    void onlyTheStoreAndSqlKnowJdbc() {
        check(noClasses()
                .that()
                .resideInAnyPackage(packagesOf(module -> !MAY_USE_JDBC.contains(module)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
                .because("how things are kept is known in one place"));
    }

    @Test
    void theStoreKnowsOnlyPortsAndValuesOfAdmin() {
        check(noClasses()
                .that()
                .resideInAPackage(packageOf("store"))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are admin's, but neither interfaces nor records nor enums",
                        type -> type.getPackageName().startsWith(ROOT + ".admin")
                                && !type.isInterface()
                                && !type.isRecord()
                                && !type.isEnum())));
    }

    @Test
    void wireFormatsDoNotKnowEachOther() {
        Set<String> formats = ALL.stream()
                .filter(type -> type.getPackageName().startsWith(ROOT + ".protocol."))
                .filter(type -> type.isAssignableTo(ROOT + ".protocol.WireFormat") && !type.isInterface())
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));
        for (String format : formats) {
            check(noClasses()
                    .that()
                    .resideInAPackage(format)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(formats.stream()
                            .filter(other -> !other.equals(format))
                            .toArray(String[]::new))
                    .because("formats meet in the canonical conversation only"));
        }
    }

    @Test
    void providersDoNotKnowEachOther() {
        check(slices().matching(ROOT + ".upstreams.provider.(*)..").should().notDependOnEachOther());
    }

    @Test
    void packagesAreFreeOfCycles() {
        check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
    }

    @Test
    void nothingHangsOnAThread() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .because("a call moves between threads; give the value as an argument"));
    }

    @Test
    void nothingStaticChanges() {
        check(fields().that().areStatic().should().beFinal().because("state belongs to an object that somebody owns"));
    }

    @Test
    void decisionsTakeTimeAndChanceAsArguments() {
        check(noClasses()
                .that()
                .resideInAPackage(packageOf("traffic"))
                .should()
                .callMethodWhere(readsTheClock())
                .orShould()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "draw random numbers",
                        type -> type.isAssignableTo(SecureRandom.class)
                                || type.isEquivalentTo(ThreadLocalRandom.class)
                                || type.isEquivalentTo(java.util.Random.class)))
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(RandomGenerator.class, "getDefault")
                .because("a decision must be repeatable in a test; inject a clock or a source of chance"));
    }

    private static DescribedPredicate<JavaMethodCall> readsTheClock() {
        DescribedPredicate<JavaMethodCall> ofSystem = target(owner(name(System.class.getName())))
                .and(target(nameMatching("currentTimeMillis|nanoTime")))
                .forSubtype();
        DescribedPredicate<JavaMethodCall> ofClock = target(owner(name(Clock.class.getName())))
                .and(target(nameMatching("system.*|tick(Millis|Seconds|Minutes)")))
                .forSubtype();
        // now(Clock) is fine: that clock was injected.
        DescribedPredicate<JavaMethodCall> ofTypes = DescribedPredicate.describe(
                "now() without a clock",
                call -> call.getTargetOwner().getPackageName().equals("java.time")
                        && call.getTarget().getName().equals("now")
                        && call.getTarget().getRawParameterTypes().stream()
                                .noneMatch(type -> type.isEquivalentTo(Clock.class)));
        return ofSystem.or(ofClock).or(ofTypes).as("reads the system's clock");
    }

    @Test
    void namesSayWhatAThingIs() {
        check(noClasses()
                .should()
                .haveNameMatching(
                        ".*[.$](\\w*(Manager|Helper|Utils?|Impl|Base|Common|Data|Info|Processor)|Abstract[A-Z]\\w*)")
                .because("such a name fits anything; name what it holds or does"));
    }

    @Test
    void onlyTheConsoleKnowsTheStandardStreams() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".app.Main")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".app.cli.Console")
                .should(ACCESS_STANDARD_STREAMS)
                .because("standard output is for answers and the access log; use the console of the command line"));
    }

    @Test
    void noExceptionIsGeneric() {
        check(NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS);
    }

    @Test
    void nothingLogsThroughJavaUtilLogging() {
        check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    }

    @Test
    void everyPackageSaysThatNothingIsNull() {
        List<String> bare = ALL.getPackage(ROOT).getSubpackagesInTree().stream()
                .filter(part -> !part.getClasses().isEmpty())
                .filter(part -> !part.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .sorted()
                .toList();
        assertThat(bare)
                .as("packages without @NullMarked in a package-info.java")
                .isEmpty();
    }

    /**
     * Left out: the simulator, which users' own tests use from outside, and annotations, whose use on record components
     * leaves no dependency behind.
     */
    @Test
    void publicMeansUsedByAnotherPackage() {
        List<String> idle = ALL.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .filter(type ->
                        !Set.of(ROOT + ".app.Main", ROOT + ".app.Gateway").contains(type.getFullName()))
                .filter(type -> !(type.getPackageName() + ".").startsWith(ROOT + ".simulator."))
                .filter(type -> !type.isAnnotation())
                .filter(type -> !isUsedByAnotherPackage(type) && !isPartOfAPublicSignature(type))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertThat(idle)
                .as("public types that no other package uses: make them package-private")
                .isEmpty();
    }

    /** A public method that takes or gives the type is of no use to others without it. */
    private static boolean isPartOfAPublicSignature(JavaClass type) {
        return Stream.of(
                        type.getMethodsWithParameterTypeOfSelf().stream(),
                        type.getMethodsWithReturnTypeOfSelf().stream(),
                        type.getConstructorsWithParameterTypeOfSelf().stream())
                .flatMap(uses -> uses)
                .anyMatch(use -> use.getModifiers().contains(JavaModifier.PUBLIC)
                        && use.getOwner().getModifiers().contains(JavaModifier.PUBLIC)
                        && !use.getOwner().equals(type));
    }

    private static boolean isUsedByAnotherPackage(JavaClass type) {
        return ALL.stream()
                .filter(part -> part.equals(type) || part.getName().startsWith(type.getName() + "$"))
                .flatMap(part -> part.getDirectDependenciesToSelf().stream())
                .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
    }
}
