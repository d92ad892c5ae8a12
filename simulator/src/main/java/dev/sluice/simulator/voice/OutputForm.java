package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonObject;

/** The form that a request wants for the text of the answer. */
public sealed interface OutputForm {
    /** Any text. */
    record Text() implements OutputForm {}

    /** Any JSON object. */
    record AnyJson() implements OutputForm {}

    /** An instance of a JSON Schema. */
    record Schema(JsonObject schema) implements OutputForm {}
}
