package dev.sluice.app;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.CommandLine;
import dev.sluice.app.cli.Console;
import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.app.cli.Parsed;
import dev.sluice.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A short life of a gateway on free ports, recorded after a build so that later starts find their classes ready. */
final class WarmUp {
    private static final int CALLS = 4_000;

    private WarmUp() {}

    static int run(Console console) {
        Path data = null;
        try {
            data = Files.createTempDirectory("sluice-warm-up");
            live(data);
            return 0;
        } catch (StartException | IOException e) {
            console.err().println("sluice: warm-up failed: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            if (data != null) delete(data, console);
        }
    }

    private static void live(Path data) throws StartException, IOException, InterruptedException {
        try (Simulator simulator = Simulator.start();
                Gateway gateway = Gateway.start(
                        options(data).withConfig(Demo.declaration(data, simulator, 10 * CALLS)), Optional.empty());
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            for (int i = 0; i < CALLS; i++) {
                call(client, gateway.url() + "/v1/chat/completions", Demo.KEY, """
                        {"model":"gpt-4o-mini","stream":%s,"messages":[{"role":"user","content":"Hello"}]}
                        """.formatted(i % 2 == 0));
            }
            call(client, gateway.url() + "/v1/models", Demo.KEY, "");
            call(client, gateway.adminUrl() + "/admin/v1/services", gateway.adminToken(), "");
            gateway.settleUsage(Duration.ofSeconds(5));
        }
    }

    private static void call(HttpClient client, String url, String key, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .header("authorization", "Bearer " + key);
        if (!body.isEmpty()) {
            request.header("content-type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        int status = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
        if (status != 200) throw new IOException(url + " answered " + status + " (expected: 200)");
    }

    private static GatewayOptions options(Path data) {
        Parsed parsed = CommandLine.parse(
                List.of(
                        "run",
                        "--data",
                        data.toString(),
                        "--port",
                        "0",
                        "--admin-port",
                        "0",
                        "--host",
                        "127.0.0.1",
                        "--drain-grace-ms",
                        "0"),
                Map.of(),
                2);
        return switch (parsed) {
            case Parsed.Accepted(Command.Run(GatewayOptions options)) -> options;
            default -> throw new IllegalStateException("the warm-up's own options are refused");
        };
    }

    private static void delete(Path folder, Console console) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            console.err().println("sluice: " + folder + " is left over: " + e.getMessage());
        }
    }
}
