package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Portkey's gateway, which runs on Node: told by headers of each call where to send it. */
final class Portkey {
    private static final Path PACKAGE = Path.of("node_modules", "@portkey-ai", "gateway");
    private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"([^\"]+)\"");

    private Portkey() {}

    static Rival.SetUp setUp(Rival.Site site) throws IOException, InterruptedException {
        Optional<Path> node = Rival.program("node");
        Path installed = site.packages().resolve(PACKAGE);
        Path server = installed.resolve("build/start-server.js");
        if (node.isEmpty()) return new Rival.SetUp.Missing("needs Node, which is not installed");
        if (!Files.exists(server)) return new Rival.SetUp.Missing("is not installed by npm");
        String program = node.get().toString();
        String version = version(Files.readString(installed.resolve("package.json")));
        return new Rival.SetUp.Ready(
                version + " (Node " + Machine.firstLine(program, "--version") + ")",
                List.of(
                        program,
                        "--diagnostic-dir=" + site.work(),
                        server.toString(),
                        "--headless",
                        "--port=" + site.port()),
                Map.of("NODE_ENV", "production"),
                Map.of(
                        "x-portkey-provider",
                        "openai",
                        "x-portkey-custom-host",
                        "http://127.0.0.1:" + site.upstreamPort() + "/v1"));
    }

    static String version(String packageJson) {
        Matcher version = VERSION.matcher(packageJson);
        return version.find() ? version.group(1) : "?";
    }
}
