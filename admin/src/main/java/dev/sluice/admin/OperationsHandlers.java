package dev.sluice.admin;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.JsonWriter;
import dev.sluice.admin.contract.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What machines ask of a node without signing in: whether it lives, whether it serves, its figures, its contract. */
final class OperationsHandlers {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Sluice</title></head>
            <body>
            <h1>Sluice</h1>
            <p>The gateway is running. The web console is not part of this build.</p>
            <p>The admin API is at <code>/admin/v1/</code>, its description at
            <a href="/admin/v1/openapi.yaml">/admin/v1/openapi.yaml</a>. Health: <a href="/healthz">/healthz</a>,
            <a href="/readyz">/readyz</a>. Figures: <a href="/metrics">/metrics</a>.</p>
            </body>
            </html>
            """;

    private final Contract contract;
    private final Supplier<List<String>> notReady;
    private final Supplier<List<String>> concerns;
    private final Supplier<String> metrics;

    OperationsHandlers(
            Contract contract,
            Supplier<List<String>> notReady,
            Supplier<List<String>> concerns,
            Supplier<String> metrics) {
        this.contract = contract;
        this.notReady = notReady;
        this.concerns = concerns;
        this.metrics = metrics;
    }

    /** By operationId. */
    Map<String, Handler> handlers() {
        return Map.of(
                "getHealth", _ -> Answer.json(200, JsonWriter.object("status", "ok")),
                "getReadiness", this::readiness,
                "getMetrics", _ -> Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()),
                "getContract", _ -> Answer.text(200, "application/yaml", contract.yaml()),
                "getConsole", _ -> Answer.text(200, "text/html; charset=utf-8", PAGE));
    }

    private Answer readiness(Call call) {
        List<String> reasons = new ArrayList<>(notReady.get());
        boolean ready = reasons.isEmpty();
        reasons.addAll(concerns.get());
        return Answer.json(
                ready ? 200 : 503, JsonWriter.object("status", ready ? "ready" : "not-ready", "reasons", reasons));
    }
}
