package dev.sluice.simulator.voice;

import java.io.Serial;

/** A request that the provider refuses; caught where the voice answers. */
public final class Rejection extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Complaint complaint;

    public Rejection(Complaint complaint) {
        super(complaint.message(), null, false, false);
        this.complaint = complaint;
    }

    public Complaint complaint() {
        return complaint;
    }
}
