package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Complaint;
import java.io.Serial;

/** A request that the provider refuses; caught where the voice answers. */
final class Rejection extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Complaint complaint;

    Rejection(Complaint complaint) {
        super(complaint.message(), null, false, false);
        this.complaint = complaint;
    }

    Complaint complaint() {
        return complaint;
    }
}
