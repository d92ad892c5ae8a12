package dev.sluice.app;

import dev.sluice.app.cli.Console;
import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.simulator.Simulator;
import dev.sluice.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The gateway beside a simulated provider, with a working set declared: everything can be tried without a vendor's key. */
final class Demo {
    static final String KEY = "sk-demo-0123456789abcdef";

    private static final int CALLS_PER_MINUTE = 600;

    private Demo() {}

    static int run(GatewayOptions options, Console console) {
        try (Simulator simulator = Simulator.start(SimulatorOptions.USUAL)) {
            Path declared = options.config() == null
                    ? declaration(options.data(), simulator, CALLS_PER_MINUTE)
                    : options.config();
            Gateway gateway = Gateway.start(options.withConfig(declared), AccessLogs.open(options.accessLog()));
            Main.announce(gateway, console);
            console.err().print(invitation(gateway, simulator));
            Main.serve(gateway);
            return 0;
        } catch (StartException e) {
            console.problems("cannot start", e.problems());
            return 1;
        } catch (IOException e) {
            console.err().println("sluice: the demo's declaration cannot be written: " + e.getMessage());
            return 1;
        }
    }

    /** Writes the working set into the data folder, where it can be read and changed. */
    static Path declaration(Path data, Simulator simulator, int rpm) throws IOException {
        Files.createDirectories(data);
        Path file = data.resolve("demo.yaml");
        return Files.writeString(file, """
                # The working set of ./sluice demo, written anew at each start.
                providerKeys:
                  - { name: simulated-key, provider: openai-compatible, secret: sk-simulated }
                services:
                  - name: simulated
                    provider: openai-compatible
                    address: { url: "%1$s/v1" }
                    keys: [simulated-key]
                  - name: simulated-backup
                    provider: openai-compatible
                    address: { url: "%1$s/v1" }
                    keys: [simulated-key]
                    modelPolicy: { mode: specified, defaultModel: gpt-4o-mini }
                modelApis:
                  - name: demo
                    routes: [/v1/chat/completions, /v1/completions, /v1/responses, /v1/embeddings, /v1/models]
                    distribution:
                      strategy: by-model-name
                      targets:
                        - { pattern: gpt-4o-mini, service: simulated }
                        - { pattern: text-embedding-3-small, service: simulated }
                        - { pattern: "*", service: simulated }
                    fallback: { steps: [ { service: simulated-backup } ] }
                consumers:
                  - { name: demo, modelApis: [demo] }
                apiKeys:
                  - { name: demo-key, consumer: demo, secret: %2$s, limits: { rpm: %3$d, tpm: 1000000, concurrency: 100 } }
                prices:
                  - { provider: openai-compatible, model: "*", inputPerMillion: 0.15, cachedInputPerMillion: 0.075, outputPerMillion: 0.60, currency: USD }
                """.formatted(simulator.url(), KEY, rpm));
    }

    private static String invitation(Gateway gateway, Simulator simulator) {
        return """

                A simulated provider answers at %3$s. Try:

                  export SLUICE_KEY=%2$s
                  curl %1$s/v1/chat/completions \\
                    -H "Authorization: Bearer $SLUICE_KEY" -H "Content-Type: application/json" \\
                    -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'

                Add "stream":true for a stream. What it cost:

                  curl -H "Authorization: Bearer %4$s" "%5$s/admin/v1/usage?groupBy=apiKey,model"

                Ctrl-C stops it.
                """.formatted(gateway.url(), KEY, simulator.url(), gateway.adminToken(), gateway.adminUrl());
    }
}
