package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonObject;

/**
 * A tool that a request offers.
 *
 * @param parameters the JSON Schema of the arguments; empty when the tool takes none
 * @param freeform whether the tool takes any text in place of JSON arguments
 */
public record Tool(String name, JsonObject parameters, boolean freeform) {}
