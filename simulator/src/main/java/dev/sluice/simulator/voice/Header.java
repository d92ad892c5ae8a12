package dev.sluice.simulator.voice;

/** One header line, in the order and spelling in which it travels. */
public record Header(String name, String value) {}
