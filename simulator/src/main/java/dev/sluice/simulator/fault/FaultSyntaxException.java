package dev.sluice.simulator.fault;

import java.io.Serial;

/** Directives that break the grammar of faults; the message names the directive and what was expected. */
public final class FaultSyntaxException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    FaultSyntaxException(String message) {
        super(message);
    }
}
