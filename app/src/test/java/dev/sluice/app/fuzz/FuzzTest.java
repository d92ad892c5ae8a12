package dev.sluice.app.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs Jazzer for a few seconds on each target, in a process of its own, from what the golden files hold. {@code
 * -Dsluice.fuzz.seconds=600} for longer. A finding is printed as bytes in Base64.
 */
class FuzzTest {
    private static final int SECONDS = Integer.getInteger("sluice.fuzz.seconds", 3);
    /** From here on it is worth reading every golden file and compiling well. */
    private static final int LONG = 30;

    private static final Path GOLDEN = Path.of("../protocol/src/test/resources/golden/cases");
    private static final int MOST_BYTES = 8_192;
    private static final String HOOKS = "com.code_intelligence.jazzer.sanitizers.";
    /** As golden files are named, in the order of the target's formats. */
    private static final List<String> NAMES = List.of(
            "openai-chat.",
            "openai-responses.",
            "openai-completions.",
            "anthropic.",
            "dashscope.",
            "gemini.",
            "bedrock.",
            "cohere.",
            "hunyuan.",
            "dify.",
            "dify-workflow.",
            "bailian.",
            "coze.",
            "bedrock-invoke.",
            "vertex-claude.");

    private static final List<String> NEEDED = List.of(
            "jazzer",
            "vertx",
            "netty",
            "jackson-core",
            "snakeyaml",
            "jtokkit",
            "sqlite",
            "micrometer",
            "prometheus",
            "slf4j",
            "HdrHistogram",
            "LatencyUtils",
            "jspecify");

    @TempDir
    Path folder;

    private int seeds;

    @Test
    void readersOfTheWireTakeAnyBytes() throws Exception {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            int number = 0;
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (SECONDS < LONG && number++ % 7 != 0) continue;
                byte[] bytes = Files.readAllBytes(file);
                String name = file.getFileName().toString();
                for (int i = 0; i < NAMES.size(); i++) {
                    if (name.startsWith(NAMES.get(i))) seed(corpus, WireTarget.firstOf(i), bytes);
                }
                if (name.endsWith(".txt")) seed(corpus, WireTarget.first(1), bytes);
                else seed(corpus, WireTarget.first(0), bytes);
            }
        }
        seed(
                corpus,
                WireTarget.first(2),
                ("--x-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;b.wav\"\r\n\r\n\r\n--x-\r\n"
                                + "\r\n--x-1\r\ncontent-disposition: form-data; name=model\r\n\r\nwhisper-1\r\n--x-1--\r\n")
                        .getBytes(UTF_8));
        seed(corpus, WireTarget.first(3), "a/b%2f..é".getBytes(UTF_8));
        seed(
                corpus,
                WireTarget.first(4),
                "{\"body\":{\"model\":\"\\u0061b\",\"file_id\":\"file-1\"},\"metadata\":{\"id\":1}}\r\n{\"body\":[]}\n"
                        .getBytes(UTF_8));
        fuzz(WireTarget.class, "dev.sluice.protocol.**", corpus);
    }

    @Test
    void documentsTakeAnyBytes() throws Exception {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        for (int i = 0; i < DocumentTarget.NAMES.size(); i++) {
            String[] name = DocumentTarget.NAMES.get(i).split("/");
            Path cases =
                    GOLDEN.resolve("../..").resolve(name[0]).resolve("cases").normalize();
            try (Stream<Path> files = Files.walk(cases)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    if (file.getFileName().toString().startsWith(name[1] + "."))
                        seed(corpus, (byte) i, Files.readAllBytes(file));
                }
            }
        }
        fuzz(DocumentTarget.class, "dev.sluice.protocol.**", corpus);
    }

    @Test
    void declarativeFilesAreRefusedOrGoodForASnapshot() throws Exception {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        for (String page : List.of("guide-first-steps", "guide-providers", "operations", "usage")) {
            for (String block :
                    Files.readString(Path.of("../docs", page + ".md")).split("```")) {
                if (block.startsWith("yaml\n"))
                    seed(corpus, (byte) 0, block.substring(5).getBytes(UTF_8));
            }
        }
        seed(corpus, (byte) 1, "{\"tenant\":\"t\",\"consumers\":[{\"name\":\"c\"}]}".getBytes(UTF_8));
        fuzz(DeclarationTarget.class, "dev.sluice.settings.**", corpus);
    }

    @Test
    void requestHeadsAreAnsweredOrTheConnectionIsClosed() throws Exception {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        for (String head : List.of(
                "GET /v1/models HTTP/1.1\r\nhost: a\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: a:1\r\ncontent-length: 2\r\n\r\n{}",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: [::1]:1\r\ntransfer-encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\n\r\n",
                "GET /v1/files/a%2F..%2Fb?x=%00&y HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\nx: \r\n y\r\n\r\n",
                "OPTIONS * HTTP/1.0\r\nconnection: upgrade, x\r\nupgrade: websocket\r\nsec-websocket-key: a\r\n\r\n",
                "POST http://a/v1beta/models/m:generateContent HTTP/1.1\r\nhost: a\r\nauthorization: Bearer x\r\n\r\n")) {
            Files.write(corpus.resolve("seed-" + seeds++), head.getBytes(ISO_8859_1));
        }
        fuzz(RequestHeadTarget.class, "dev.sluice.proxy.**", corpus);
    }

    @Test
    void headsOfHttp2AreAnsweredOrTheirStreamOrConnectionEnds() throws Exception {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        for (List<String> more : List.of(
                List.<String>of(),
                List.of("x-note", "a\r\nx-injected: b", "host", "x"),
                List.of("content-length", "2", "expect", "100-continue", "te", "trailers"),
                List.of("transfer-encoding", "chunked", "connection", "x", "upgrade", "h2c"),
                List.of(":path", "/v1/chat/completions?a b\r\n", ":protocol", "websocket"),
                List.of("cookie", "a=b", "cookie", "c=d", "x\nnote", "\0"),
                List.of("authorization", "Bearer x", "content-encoding", "gzip", "accept", "text/event-stream"))) {
            List<String> head = new ArrayList<>(
                    List.of(":method", "POST", ":scheme", "http", ":authority", "x", ":path", "/v1/chat/completions"));
            head.addAll(more);
            Files.write(corpus.resolve("seed-" + seeds++), Http2HeadTarget.encoded(head));
        }
        fuzz(Http2HeadTarget.class, "dev.sluice.proxy.**", corpus);
    }

    private void seed(Path corpus, byte first, byte[] bytes) throws IOException {
        if (bytes.length >= MOST_BYTES) return;
        byte[] input = new byte[bytes.length + 1];
        input[0] = first;
        System.arraycopy(bytes, 0, input, 1, bytes.length);
        Files.write(corpus.resolve("seed-" + seeds++), input);
    }

    private void fuzz(Class<?> target, String instrumented, Path corpus) throws Exception {
        assertThat(seeds).isPositive();
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+EnableDynamicAgentLoading",
                "-XX:+UseSerialGC",
                SECONDS < LONG ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation",
                "-Xmx512m",
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=" + instrumented,
                // Its hooks look for other faults than ours, and stumble over sockets and queues.
                "--custom_hook_excludes=**",
                "--disabled_hooks=" + HOOKS + "ServerSideRequestForgery:" + HOOKS + "UnsafeSanitizer",
                "--reproducer_path=" + folder,
                "-max_total_time=" + SECONDS,
                "-max_len=" + MOST_BYTES,
                "-timeout=20",
                "-rss_limit_mb=0",
                "-artifact_prefix=" + folder + "/"));
        // A commit is judged by what it changes, not by luck: only a long run draws numbers of its own.
        if (SECONDS < LONG) command.add("-seed=1");
        command.add(corpus.toString());
        Process jazzer = new ProcessBuilder(command)
                .directory(Path.of("").toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            int code = jazzer.waitFor();
            String said = Files.readString(log, ISO_8859_1);
            assertThat(code).as(tail(said)).isZero();
            // Otherwise it may not have tried anything.
            assertThat(said).contains("DONE");
            System.getLogger(FuzzTest.class.getName())
                    .log(System.Logger.Level.INFO, target.getSimpleName() + ": " + last(said, "DONE"));
        } finally {
            jazzer.destroyForcibly();
        }
    }

    /** What a gateway and Jazzer need: Jazzer looks through all there is, and the tests have a hundred libraries more. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith(".jar")
                        || isOurs(entry)
                        || NEEDED.stream().anyMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Modules are folders of classes or, once they are packaged, jars of the build. */
    private static boolean isOurs(String entry) {
        return Path.of(entry)
                .toAbsolutePath()
                .normalize()
                .startsWith(Path.of("..").toAbsolutePath().normalize());
    }

    private static String last(String text, String word) {
        return text.lines().filter(line -> line.contains(word)).reduce("", (_, line) -> line);
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 6_000));
    }
}
