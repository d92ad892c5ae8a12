package dev.sluice.traffic.usage;

/** Where usage records go. */
public interface UsageLedger {
    /** Takes a record; never blocks and never throws. Called once per call, on any event loop. */
    void append(UsageRecord record);
}
