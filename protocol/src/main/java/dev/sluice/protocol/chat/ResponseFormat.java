package dev.sluice.protocol.chat;

import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.json.Json;

/** The member {@code response_format} of OpenAI's chat, which others have taken over as it is. */
public final class ResponseFormat {
    private ResponseFormat() {}

    public static Json of(OutputFormat format) {
        return switch (format) {
            case OutputFormat.JsonObject _ ->
                Json.object().put("type", "json_object").build();
            case OutputFormat.JsonSchema schema ->
                Json.object()
                        .put("type", "json_schema")
                        .put(
                                "json_schema",
                                Json.object()
                                        .put("name", schema.name())
                                        .put("description", schema.description())
                                        .put("schema", schema.schema())
                                        .put("strict", Fields.flag(schema.strict()))
                                        .build())
                        .build();
        };
    }
}
