package dev.sluice.settings.snapshot;

/** A provider key with its secret resolved, ready to be sent. */
public record BoundKey(String id, String name, String secret, int weight) {
    @Override
    public String toString() {
        return name;
    }
}
