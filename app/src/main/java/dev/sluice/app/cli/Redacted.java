package dev.sluice.app.cli;

/** A secret of the process. Prints without its value, so that the options may be printed. */
public record Redacted(String value) {
    @Override
    public String toString() {
        return "[redacted]";
    }
}
