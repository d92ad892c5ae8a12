package dev.sluice.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Balancers;
import dev.sluice.proxy.Sessions;
import dev.sluice.proxy.Transport;
import dev.sluice.upstreams.credential.IdentityEndpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CommandLineTest {
    private static final int CORES = 6;

    private static Parsed parse(Map<String, String> environment, String... arguments) {
        return CommandLine.parse(List.of(arguments), environment, CORES);
    }

    private static Command command(Map<String, String> environment, String... arguments) {
        Parsed parsed = parse(environment, arguments);
        assertThat(parsed).isInstanceOf(Parsed.Accepted.class);
        return ((Parsed.Accepted) parsed).command();
    }

    private static Command command(String... arguments) {
        return command(Map.of(), arguments);
    }

    private static GatewayOptions run(Map<String, String> environment, String... flags) {
        String[] arguments = Stream.concat(Stream.of("run"), Stream.of(flags)).toArray(String[]::new);
        return ((Command.Run) command(environment, arguments)).gateway();
    }

    private static List<String> problems(Map<String, String> environment, String... arguments) {
        Parsed parsed = parse(environment, arguments);
        assertThat(parsed).isInstanceOf(Parsed.Refused.class);
        return ((Parsed.Refused) parsed).problems();
    }

    private static List<String> problems(String... arguments) {
        return problems(Map.of(), arguments);
    }

    @Test
    void defaultsOfAGateway() {
        assertThat(run(Map.of()))
                .isEqualTo(new GatewayOptions(
                        null,
                        Path.of("./data"),
                        "0.0.0.0",
                        8080,
                        "0.0.0.0",
                        8081,
                        new StoreLocation.Sqlite(Path.of("./data/sluice.db")),
                        CORES,
                        new AccessLog.Stdout(),
                        33_554_432,
                        8_388_608,
                        16_777_216,
                        null,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(120),
                        null,
                        Transport.PLAIN,
                        false,
                        null,
                        null,
                        null));
    }

    @Test
    void everyFlagOfAGateway() {
        GatewayOptions options = run(
                Map.of("SLUICE_ADMIN_TOKEN", "t0ken", "SLUICE_MASTER_KEY", "k3y"),
                "--config",
                "conf",
                "--data=/srv/d",
                "--host",
                "10.0.0.1",
                "--port=0",
                "--admin-host",
                "::1",
                "--admin-port",
                "9001",
                "--store",
                "sqlite:/srv/other.db",
                "--event-loops=3",
                "--access-log",
                "off",
                "--max-body-bytes=1KiB",
                "--max-event-bytes",
                "2048",
                "--max-answer-bytes=3KiB",
                "--max-buffered-bytes=4KiB",
                "--drain-ms",
                "0",
                "--drain-grace-ms=7",
                "--tls-port",
                "8443",
                "--tls-cert-dir=/srv/tls",
                "--http2-port=8082",
                "--reuse-port",
                "--max-header-bytes=1KiB",
                "--max-url-bytes=2KiB",
                "--head-timeout-ms=1",
                "--body-timeout-ms=2",
                "--idle-timeout-ms=3",
                "--max-connections=4",
                "--max-connections-per-address=5",
                "--max-streams=6",
                "--session-ms=8",
                "--session-ping-ms=9",
                "--trusted-proxies=10.0.0.0/8, ::1",
                "--proxy-protocol",
                "--allow-metadata-addresses",
                "--managed-identity");
        assertThat(options)
                .isEqualTo(new GatewayOptions(
                        Path.of("conf"),
                        Path.of("/srv/d"),
                        "10.0.0.1",
                        0,
                        "::1",
                        9001,
                        new StoreLocation.Sqlite(Path.of("/srv/other.db")),
                        3,
                        new AccessLog.Off(),
                        1024,
                        2048,
                        3072,
                        4096,
                        Duration.ofMillis(7),
                        Duration.ZERO,
                        Path.of("/srv/tls"),
                        new Transport(
                                8443,
                                8082,
                                true,
                                1024,
                                2048,
                                Duration.ofMillis(1),
                                Duration.ofMillis(2),
                                Duration.ofMillis(3),
                                4,
                                5,
                                6,
                                new Sessions(Duration.ofMillis(8), Duration.ofMillis(9)),
                                new Balancers(List.of("10.0.0.0/8", "::1"), true)),
                        true,
                        IdentityEndpoint.OF_MACHINE,
                        new Redacted("t0ken"),
                        new Redacted("k3y")));
    }

    @Test
    void anAppOfAzureIsToldWhereItsIdentityIs() {
        Map<String, String> ofApp =
                Map.of("IDENTITY_ENDPOINT", "http://127.0.0.1:41/msi/token", "IDENTITY_HEADER", "h");
        assertThat(run(ofApp, "--managed-identity").managedIdentity())
                .isEqualTo(new IdentityEndpoint("http://127.0.0.1:41/msi/token", "h"));
        assertThat(run(ofApp).managedIdentity()).isNull();
    }

    @TestFactory
    Stream<DynamicTest> everyFlagIsReadFromItsVariableTooAndWinsOverIt() {
        Map<Form, List<String>> samples = Map.ofEntries(
                Map.entry(Form.PATH, List.of("a", "b")),
                Map.entry(Form.HOST, List.of("a.example", "b.example")),
                Map.entry(Form.PORT, List.of("1001", "1002")),
                Map.entry(Form.COUNT, List.of("11", "12")),
                Map.entry(Form.LIMIT, List.of("13", "14")),
                Map.entry(Form.BYTES, List.of("101", "102")),
                Map.entry(Form.MILLISECONDS, List.of("201", "202")),
                Map.entry(Form.SOME_MILLISECONDS, List.of("301", "302")),
                Map.entry(Form.RANGES, List.of("10.0.0.1", "fd00::/8")),
                Map.entry(Form.STORE, List.of("sqlite:a.db", "jdbc:sqlite:b.db")),
                Map.entry(Form.ACCESS_LOG, List.of("off", "b.log")));
        return Option.of(Verb.RUN).stream()
                .filter(option -> option.flag().isPresent() && option.form() != Form.SWITCH)
                .map(option -> DynamicTest.dynamicTest(option.name(), () -> {
                    String flag = option.flag().orElseThrow();
                    String variable = option.variable().orElseThrow();
                    List<String> values = samples.get(option.form());
                    GatewayOptions first = run(Map.of(), flag, values.get(0));
                    GatewayOptions second = run(Map.of(), flag + "=" + values.get(1));
                    assertThat(first).isNotEqualTo(second).isNotEqualTo(run(Map.of()));
                    assertThat(run(Map.of(variable, values.get(0)))).isEqualTo(first);
                    assertThat(run(Map.of(variable, values.get(0)), flag, values.get(1)))
                            .isEqualTo(second);
                }));
    }

    @Test
    void theAdminApiListensWhereModelApisDoUnlessSaidOtherwise() {
        assertThat(run(Map.of(), "--host", "127.0.0.1").adminHost()).isEqualTo("127.0.0.1");
        assertThat(run(Map.of(), "--admin-host", "127.0.0.1").host()).isEqualTo("0.0.0.0");
    }

    @Test
    void demoAndDoctorTakeTheFlagsOfRun() {
        String[] flags = {"--port", "1", "--drain-grace-ms", "7", "--drain-ms", "8"};
        GatewayOptions options = run(Map.of(), flags);
        assertThat(command(Map.of(), with("demo", flags))).isEqualTo(new Command.Demo(options));
        assertThat(command(Map.of(), with("doctor", flags))).isEqualTo(new Command.Doctor(options));
    }

    private static String[] with(String verb, String... flags) {
        return Stream.concat(Stream.of(verb), Stream.of(flags)).toArray(String[]::new);
    }

    @Test
    void aDemoDoesNotWaitForLongCallsUnlessItIsAskedTo() {
        assertThat(run(Map.of()).drain()).isEqualTo(Duration.ofSeconds(120));
        assertThat(command("demo") instanceof Command.Demo(GatewayOptions options) ? options.drain() : null)
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aDemoStopsWithoutGraceUnlessItIsAskedFor() {
        assertThat(run(Map.of()).drainGrace()).isEqualTo(Duration.ofSeconds(2));
        assertThat(demoGrace(Map.of())).isEqualTo(Duration.ZERO);
        assertThat(demoGrace(Map.of("SLUICE_DRAIN_GRACE_MS", "3"))).isEqualTo(Duration.ofMillis(3));
    }

    private static Duration demoGrace(Map<String, String> environment) {
        return command(environment, "demo") instanceof Command.Demo(GatewayOptions options)
                ? options.drainGrace()
                : Duration.ofMillis(-1);
    }

    @Test
    void readsApplyAndExport() {
        AdminAccess local = new AdminAccess(URI.create("http://127.0.0.1:8081"), null);
        assertThat(command("apply", "-f", "x.yaml"))
                .isEqualTo(new Command.Apply(Path.of("x.yaml"), false, false, local));
        assertThat(command(
                        Map.of("SLUICE_ADMIN_TOKEN", "from-env", "SLUICE_ADMIN_URL", "https://gw.example/"),
                        "apply",
                        "--file=x",
                        "--prune",
                        "--dry-run=true"))
                .isEqualTo(new Command.Apply(
                        Path.of("x"),
                        true,
                        true,
                        new AdminAccess(URI.create("https://gw.example"), new Redacted("from-env"))));
        assertThat(command(Map.of("SLUICE_ADMIN_TOKEN", "from-env"), "export", "--token", "from-flag"))
                .isEqualTo(new Command.Export(
                        null, new AdminAccess(URI.create("http://127.0.0.1:8081"), new Redacted("from-flag"))));
    }

    @Test
    void applyNeedsAFile() {
        assertThat(problems("apply")).containsExactly("apply needs -f PATH: the declarative file, or a folder of them");
    }

    @Test
    void readsVersionAndHelp() {
        assertThat(command()).isEqualTo(new Command.Help(null));
        assertThat(command("help")).isEqualTo(new Command.Help(null));
        assertThat(command("--help")).isEqualTo(new Command.Help(null));
        assertThat(command("help", "apply")).isEqualTo(new Command.Help(Verb.APPLY));
        assertThat(command("run", "--port", "nonsense", "--help")).isEqualTo(new Command.Help(Verb.RUN));
        assertThat(command("version")).isEqualTo(new Command.Version());
        assertThat(command("--version")).isEqualTo(new Command.Version());
        assertThat(command("warm-up")).isEqualTo(new Command.WarmUp());
    }

    @Test
    void helpAndVersionAndWarmUpDoNotMindTheEnvironment() {
        Map<String, String> broken = Map.of("SLUICE_NONSENSE", "1", "SLUICE_PORT", "abc");
        assertThat(command(broken, "help")).isEqualTo(new Command.Help(null));
        assertThat(command(broken, "version")).isEqualTo(new Command.Version());
        assertThat(command(broken, "warm-up")).isEqualTo(new Command.WarmUp());
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
        assertThat(problems("rnu")).containsExactly("unknown command \"rnu\"; did you mean \"run\"?");
        assertThat(problems("frobnicate"))
                .containsExactly(
                        "unknown command \"frobnicate\" (expected one of: run, demo, apply, export, doctor, test,"
                                + " build, version, help)");
        assertThat(problems("help", "exprot")).containsExactly("unknown command \"exprot\"; did you mean \"export\"?");
    }

    @Test
    void suggestsTheFlagThatWasMeant() {
        assertThat(problems("run", "--prot", "1"))
                .containsExactly("unknown flag \"--prot\" of run; did you mean --port?");
        assertThat(problems("run", "--admin-prt=1"))
                .containsExactly("unknown flag \"--admin-prt\" of run; did you mean --admin-port?");
        assertThat(problems("run", "--redis", "redis://127.0.0.1"))
                .containsExactly("unknown flag \"--redis\" of run (its flags: sluice help run)");
    }

    @Test
    void saysWhereAMisplacedFlagBelongs() {
        assertThat(problems("run", "--prune")).containsExactly("\"--prune\" is a flag of apply, not of run");
        assertThat(problems("apply", "-f", "x", "--port=1"))
                .containsExactly("\"--port\" is a flag of run, demo, doctor, not of apply");
        assertThat(problems("run", "--master-key=s3cret"))
                .containsExactly("\"--master-key\" is not a flag, because other users of a machine can see flags;"
                        + " set SLUICE_MASTER_KEY in the environment");
    }

    @Test
    void suggestsTheVariableThatWasMeant() {
        assertThat(problems(Map.of("SLUICE_PROT", "1", "PORT", "x"), "run"))
                .containsExactly("unknown environment variable SLUICE_PROT; did you mean SLUICE_PORT?");
        assertThat(problems(Map.of("SLUICE_FROBNICATION", "s3cret"), "run"))
                .containsExactly(
                        "unknown environment variable SLUICE_FROBNICATION (variables that start with SLUICE_ are"
                                + " settings: see sluice help)");
    }

    @Test
    void leavesVariablesOfKubernetesServicesAside() {
        Map<String, String> links = Map.of(
                "SLUICE_PORT", "tcp://10.0.0.7:8080",
                "SLUICE_ADMIN_PORT", "tcp://10.0.0.8:8081",
                "SLUICE_SERVICE_HOST", "10.0.0.7",
                "SLUICE_SERVICE_PORT", "8080",
                "SLUICE_SERVICE_PORT_HTTP", "8080",
                "SLUICE_PORT_8080_TCP", "tcp://10.0.0.7:8080",
                "SLUICE_PORT_8080_TCP_ADDR", "10.0.0.7",
                "SLUICE_METRICS_PORT", "tcp://10.0.0.9:9090");
        assertThat(run(links)).isEqualTo(run(Map.of()));
    }

    @Test
    void anEmptyVariableIsUnset() {
        assertThat(run(Map.of("SLUICE_PORT", ""))).isEqualTo(run(Map.of()));
    }

    @Test
    void aVariableOfAnotherCommandIsNoProblem() {
        assertThat(run(Map.of("SLUICE_ADMIN_URL", "not read by run", "SLUICE_JAVA_OPTS", "-Xmx1g")))
                .isEqualTo(run(Map.of()));
    }

    @Test
    void badValuesAreNamedWithWhatWasExpected() {
        assertThat(problems("run", "--port", "abc"))
                .containsExactly("--port: \"abc\" (expected: a port number 0–65535)");
        assertThat(problems("run", "--port", "65536"))
                .containsExactly("--port: \"65536\" (expected: a port number 0–65535)");
        assertThat(problems(Map.of("SLUICE_PORT", "-1"), "run"))
                .containsExactly("SLUICE_PORT: \"-1\" (expected: a port number 0–65535)");
        assertThat(problems("run", "--max-body-bytes", "2GiB"))
                .containsExactly("--max-body-bytes: \"2GiB\" (expected: a number of bytes 1–2147483647, like 8388608 or"
                        + " 8MiB)");
        assertThat(problems("run", "--event-loops", "0"))
                .containsExactly("--event-loops: \"0\" (expected: a whole number 1–1024)");
        assertThat(problems("run", "--host", "a b"))
                .containsExactly("--host: \"a b\" (expected: a host name or an IP address)");
        assertThat(problems("run", "--data=")).containsExactly("--data: \"\" (expected: a path)");
        assertThat(problems("export", "--admin-url", "gw.example:8081"))
                .containsExactly("--admin-url: \"gw.example:8081\" (expected: an http:// or https:// address)");
        assertThat(problems("apply", "-f", "x", "--prune=perhaps"))
                .containsExactly("--prune: \"perhaps\" (expected: nothing, true or false)");
    }

    @Test
    void saysWhichStoresThereAre() {
        assertThat(problems("run", "--store", "jdbc:postgresql://bob:s3cret@db/x?password=s3cret&a=b"))
                .containsExactly(
                        "--store: \"jdbc:postgresql://***@db/x?password=***&a=b\" (expected: sqlite:FILE; other"
                                + " stores are not supported by this version)");
    }

    @Test
    void neverShowsASecret() {
        assertThat(problems(Map.of("SLUICE_ADMIN_TOKEN", "s3cret word"), "run"))
                .containsExactly(
                        "SLUICE_ADMIN_TOKEN: the value, not shown, (expected: printable ASCII characters without"
                                + " spaces)");
        assertThat(problems("run", "--tokn=s3cret", "s3cret"))
                .allSatisfy(line -> assertThat(line).doesNotContain("=s3cret"));
        assertThat(run(Map.of("SLUICE_ADMIN_TOKEN", "s3cret", "SLUICE_MASTER_KEY", "s3cret"))
                        .toString())
                .doesNotContain("s3cret");
    }

    @Test
    void findsAllProblemsAtOnce() {
        assertThat(problems(
                        Map.of("SLUICE_DRAIN_MS", "soon", "SLUICE_X", "1"),
                        "run",
                        "--port",
                        "x",
                        "--nonsense",
                        "y",
                        "z",
                        "--data"))
                .hasSize(6);
    }

    @Test
    void aFlagWithoutAValueAndOneGivenTwiceAreProblems() {
        assertThat(problems("run", "--port")).containsExactly("--port: no value (expected: a port number 0–65535)");
        assertThat(problems("run", "--port", "--data", "x"))
                .containsExactly("--port: no value (expected: a port number 0–65535)");
        assertThat(problems("run", "--port", "1", "--port=2")).containsExactly("--port: given more than once");
    }

    @Test
    void argumentsWithoutAFlagAreProblems() {
        assertThat(problems("apply", "-f", "a.yaml", "b.yaml"))
                .containsExactly("unexpected argument \"b.yaml\" (apply takes only flags; a file is named with -f)");
        assertThat(problems("version", "x")).containsExactly("unexpected argument \"x\" (version takes none)");
        assertThat(problems("test"))
                .containsExactly("\"test\" is done by the launcher: run ./sluice test in a source checkout");
    }

    @Test
    void thePortsMustDiffer() {
        assertThat(problems("run", "--port", "8081"))
                .containsExactly("--admin-port: 8081 is --port too (expected: two different ports)");
        assertThat(run(Map.of(), "--port", "0", "--admin-port", "0").adminPort())
                .isZero();
    }

    @Property
    void anyWordsAreEitherUnderstoodOrRefusedWithReasons(@ForAll List<String> words, @ForAll boolean run) {
        List<String> arguments =
                run ? Stream.concat(Stream.of("run"), words.stream()).toList() : words;
        assertThat(CommandLine.parse(arguments, Map.of(), CORES)).isNotNull();
    }
}
