package dev.sluice.app.apply;

import dev.sluice.app.apply.GatewayConnection.Outcome;
import java.io.PrintStream;

/** {@code sluice export}: prints everything that a gateway has declared, without secrets. */
public final class ExportClient {
    private final GatewayConnection gateway;
    private final PrintStream out;
    private final PrintStream errors;

    /** @param errors apart from out, which is meant for a file */
    public ExportClient(GatewayConnection gateway, PrintStream out, PrintStream errors) {
        this.gateway = gateway;
        this.out = out;
        this.errors = errors;
    }

    public Exit export(boolean json) {
        Outcome outcome = gateway.get("/admin/v1/export", json ? "application/json" : "application/yaml");
        if (!(outcome instanceof Outcome.Answered answered) || answered.status() != 200)
            return GatewayConnection.explain(outcome, errors);
        out.print(answered.body().endsWith("\n") ? answered.body() : answered.body() + "\n");
        out.flush();
        return Exit.OK;
    }
}
