package dev.sluice.settings;

/** The wire format that clients of a Model API speak. */
public enum Protocol {
    OPENAI,
    ANY
}
