package dev.sluice.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final Machine.DataFolder GOOD_FOLDER = new Machine.DataFolder(null, 50L << 30, Duration.ZERO);
    private static final Machine GOOD = machine(25, null, 65_536, GOOD_FOLDER, NOW);

    private static Machine machine(
            int java, @Nullable String sockets, long files, Machine.DataFolder folder, Instant now) {
        return new Machine(java, true, sockets, files, folder, null, null, null, now);
    }

    private static GatewayOptions options(Map<String, String> environment, String... flags) {
        List<String> arguments = new java.util.ArrayList<>(List.of("doctor"));
        arguments.addAll(List.of(flags));
        return ((Command.Doctor) ((Parsed.Accepted) CommandLine.parse(arguments, environment, 2)).command()).gateway();
    }

    private static GatewayOptions goodOptions() {
        return options(Map.of(
                "SLUICE_ADMIN_TOKEN", "0123456789abcdef0123", "SLUICE_MASTER_KEY", "0123456789abcdef0123456789"));
    }

    private static Finding finding(String subject, GatewayOptions options, Machine machine) {
        return Doctor.findings(options, machine).stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void findsNothingWrongWithAGoodMachine() {
        assertThat(Doctor.findings(goodOptions(), GOOD))
                .hasSize(11)
                .allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Finding.Level.OK));
    }

    @Test
    void anOldJavaFails() {
        assertThat(finding("java", goodOptions(), machine(17, null, 65_536, GOOD_FOLDER, NOW)))
                .isEqualTo(Finding.fail("java", "Java 17 (expected: 25 or newer); set JAVA_HOME to one"));
    }

    @Test
    void warnsOfSlowSocketsOnLinuxOnly() {
        Machine slow = machine(25, "UnsatisfiedLinkError: x", 65_536, GOOD_FOLDER, NOW);
        assertThat(finding("sockets", goodOptions(), slow).level()).isEqualTo(Finding.Level.WARN);
        assertThat(finding("sockets", goodOptions(), slow).observation()).contains("UnsatisfiedLinkError: x");
        Machine mac = new Machine(25, false, "not Linux", 65_536, GOOD_FOLDER, null, null, null, NOW);
        assertThat(finding("sockets", goodOptions(), mac).level()).isEqualTo(Finding.Level.OK);
    }

    @Test
    void warnsOfFewOpenFiles() {
        assertThat(finding("open files", goodOptions(), machine(25, null, 1024, GOOD_FOLDER, NOW)))
                .satisfies(finding -> assertThat(finding.level()).isEqualTo(Finding.Level.WARN))
                .satisfies(finding -> assertThat(finding.observation()).contains("1024", "ulimit -n"));
        assertThat(finding("open files", goodOptions(), machine(25, null, -1, GOOD_FOLDER, NOW))
                        .level())
                .isEqualTo(Finding.Level.OK);
    }

    @Test
    void aFolderThatCannotBeWrittenFailsAndItsSpaceIsNotJudged() {
        Machine.DataFolder closed = new Machine.DataFolder("nothing can be written in /x", 0, Duration.ZERO);
        List<Finding> findings = Doctor.findings(goodOptions(), machine(25, null, 65_536, closed, NOW));
        assertThat(findings)
                .filteredOn(finding -> finding.level() == Finding.Level.FAIL)
                .extracting(Finding::subject)
                .containsExactly("data folder");
        assertThat(findings).extracting(Finding::subject).doesNotContain("disk space");
    }

    @Test
    void littleSpaceWarnsAndNoSpaceFails() {
        Machine.DataFolder little = new Machine.DataFolder(null, 500L << 20, Duration.ZERO);
        Machine.DataFolder none = new Machine.DataFolder(null, 5L << 20, Duration.ZERO);
        assertThat(finding("disk space", goodOptions(), machine(25, null, 65_536, little, NOW))
                        .level())
                .isEqualTo(Finding.Level.WARN);
        assertThat(finding("disk space", goodOptions(), machine(25, null, 65_536, none, NOW))
                        .level())
                .isEqualTo(Finding.Level.FAIL);
    }

    @Test
    void warnsOfMissingAndShortSecretsWithoutShowingThem() {
        assertThat(finding("admin token", options(Map.of()), GOOD).level()).isEqualTo(Finding.Level.WARN);
        assertThat(finding("master key", options(Map.of()), GOOD).level()).isEqualTo(Finding.Level.WARN);
        GatewayOptions brief = options(Map.of("SLUICE_ADMIN_TOKEN", "s3cret", "SLUICE_MASTER_KEY", "s3cret"));
        assertThat(finding("admin token", brief, GOOD).observation())
                .contains("only 6 characters")
                .doesNotContain("s3cret");
        assertThat(finding("master key", brief, GOOD).observation())
                .contains("only 6 characters")
                .doesNotContain("s3cret");
    }

    @Test
    void aWrongClockFailsAndADifferingFileSystemWarns() {
        assertThat(finding("clock", goodOptions(), machine(25, null, 65_536, GOOD_FOLDER, Instant.EPOCH))
                        .level())
                .isEqualTo(Finding.Level.FAIL);
        Machine.DataFolder ahead = new Machine.DataFolder(null, 50L << 30, Duration.ofSeconds(-90));
        assertThat(finding("clock", goodOptions(), machine(25, null, 65_536, ahead, NOW)))
                .satisfies(finding -> assertThat(finding.level()).isEqualTo(Finding.Level.WARN))
                .satisfies(finding -> assertThat(finding.observation()).contains("-90 s"));
    }

    @Test
    void seesAPortInUseAndAnUnreadableConfig(@TempDir Path folder) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            GatewayOptions options = options(
                    Map.of(),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    String.valueOf(taken.getLocalPort()),
                    "--admin-port",
                    "0",
                    "--data",
                    folder.resolve("not/yet/there").toString(),
                    "--config",
                    folder.resolve("missing.yaml").toString());
            Machine machine = Machine.probe(options);
            assertThat(finding("port", options, machine).level()).isEqualTo(Finding.Level.FAIL);
            assertThat(finding("admin port", options, machine).level()).isEqualTo(Finding.Level.OK);
            assertThat(finding("config", options, machine).observation()).contains("missing.yaml does not exist");
            assertThat(finding("data folder", options, machine).level()).isEqualTo(Finding.Level.OK);
            try (var left = Files.list(folder)) {
                assertThat(left).as("what the doctor left behind").isEmpty();
            }
        }
    }

    @Test
    void aFileInPlaceOfTheDataFolderFails(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("data"), "");
        GatewayOptions options = options(Map.of(), "--data", file.toString());
        assertThat(finding("data folder", options, Machine.probe(options)).observation())
                .contains("is a file (expected: a folder)", "--data");
    }

    @Test
    void printsATableAndFailsWhenSomethingDoes(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("data"), "");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int code = Doctor.examine(
                options(Map.of(), "--host", "127.0.0.1", "--port", "0", "--admin-port", "0", "--data", file.toString()),
                new PrintStream(bytes, true, StandardCharsets.UTF_8));
        assertThat(code).isEqualTo(1);
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .anySatisfy(line -> assertThat(line).startsWith("FAIL  data folder  "))
                .anySatisfy(line -> assertThat(line).startsWith("OK    java         Java "));
    }
}
