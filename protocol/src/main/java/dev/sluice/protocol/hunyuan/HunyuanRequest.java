package dev.sluice.protocol.hunyuan;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.FlatText;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request of chat. Instructions come first and are one message. The turns of user and model alternate and the user begins, so that
 * messages of one side that follow one another become one.
 */
final class HunyuanRequest {
    /** Said by a user who has said nothing. */
    private static final String NOTHING = ".";

    private final StringBuilder system = new StringBuilder();
    private final List<Json> messages = new ArrayList<>();
    private final List<Part> said = new ArrayList<>();
    private Role turn = Role.USER;

    private HunyuanRequest(List<Message> conversation) {
        for (Message message : conversation) {
            if (message.role() == Role.SYSTEM) instruct(FlatText.of(message.parts()));
            else add(message);
        }
        flush();
        if (messages.isEmpty()) messages.add(plain("user", NOTHING));
    }

    static Json write(ChatRequest request) {
        HunyuanRequest written = new HunyuanRequest(request.messages());
        if (request.outputFormat() != null) written.instruct(instruction(request.outputFormat()));
        List<Json> messages = written.messages;
        if (!messages.isEmpty() && messages.getLast().get("Role").text("").equals("assistant")) {
            throw new InexpressibleException("Hunyuan cannot go on with an answer that has been begun", "messages");
        }
        if (!written.system.isEmpty()) messages.addFirst(plain("system", written.system.toString()));
        List<Json> tools = new ArrayList<>();
        for (Tool tool : request.tools()) tools.add(tool(tool));
        Json.Builder body = Json.object()
                .put("Model", request.model())
                .put("Messages", Json.array(messages))
                .put("Temperature", Fields.number(request.sampling().temperature()))
                .put("TopP", Fields.number(request.sampling().topP()))
                .put("Seed", Fields.number(request.sampling().seed()))
                .putUnlessEmpty("Tools", tools);
        if (!request.stopSequences().isEmpty()) body.put("Stop", Json.texts(request.stopSequences()));
        if (!tools.isEmpty()) choice(request, body);
        if (request.stream()) body.put("Stream", true);
        return body.build();
    }

    private void instruct(String instruction) {
        if (instruction.isEmpty()) return;
        if (!system.isEmpty()) system.append('\n');
        system.append(instruction);
    }

    private static String instruction(OutputFormat format) {
        String plain = "Answer with one JSON value and nothing else: no other text, no code fence.";
        return switch (format) {
            case OutputFormat.JsonObject _ -> plain;
            case OutputFormat.JsonSchema schema ->
                plain + " It must fit this JSON schema: " + schema.schema().toJson();
        };
    }

    private static void choice(ChatRequest request, Json.Builder body) {
        switch (request.toolChoice()) {
            case null -> {}
            case ToolChoice.Auto _ -> body.put("ToolChoice", "auto");
            case ToolChoice.None _ -> body.put("ToolChoice", "none");
            case ToolChoice.Required _ -> {
                if (request.tools().size() > 1) {
                    throw new InexpressibleException(
                            "Hunyuan cannot be made to call some tool; name one", "tool_choice");
                }
                custom(request.tools().getFirst(), body);
            }
            case ToolChoice.Named(String name) ->
                request.tools().stream()
                        .filter(tool -> tool.name().equals(name))
                        .findFirst()
                        .ifPresent(tool -> custom(tool, body));
        }
    }

    private static void custom(Tool tool, Json.Builder body) {
        body.put("ToolChoice", "custom").put("CustomTool", tool(tool));
    }

    /** The schema of a tool is JSON in a string. */
    private static Json tool(Tool tool) {
        return Json.object()
                .put("Type", "function")
                .put(
                        "Function",
                        Json.object()
                                .put("Name", tool.name())
                                .put("Description", tool.description())
                                .put(
                                        "Parameters",
                                        tool.parameters().isObject()
                                                ? tool.parameters().toJson()
                                                : "{}")
                                .build())
                .build();
    }

    private static Json plain(String role, String text) {
        return Json.object().put("Role", role).put("Content", text).build();
    }

    private void add(Message message) {
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                flush();
                FlatText.require(result.content(), "Hunyuan");
                messages.add(Json.object()
                        .put("Role", "tool")
                        .put("ToolCallId", result.callId())
                        .put("Content", FlatText.of(result.inWords()))
                        .build());
                continue;
            }
            if (message.role() != turn) flush();
            turn = message.role();
            said.add(part);
        }
    }

    private void flush() {
        if (said.isEmpty()) return;
        boolean images = said.stream().anyMatch(Part.Image.class::isInstance);
        if (turn == Role.ASSISTANT) {
            Json message = assistant(said);
            boolean silent = message.get("Content").text("").isEmpty() && !message.has("ToolCalls");
            if (messages.isEmpty() && !silent) messages.add(plain("user", NOTHING));
            if (!silent) messages.add(message);
        } else if (images) {
            messages.add(withImages(said));
        } else {
            FlatText.require(said, "Hunyuan");
            String text = FlatText.of(said);
            if (!text.isEmpty()) messages.add(plain("user", text));
        }
        said.clear();
    }

    private static Json assistant(List<Part> said) {
        List<Json> calls = new ArrayList<>();
        for (Part part : said) {
            if (part instanceof Part.ToolCall call)
                calls.add(Json.object()
                        .put("Id", call.id())
                        .put("Type", "function")
                        .put(
                                "Function",
                                Json.object()
                                        .put("Name", call.name())
                                        .put("Arguments", call.arguments())
                                        .build())
                        .build());
        }
        return Json.object()
                .put("Role", "assistant")
                .put("Content", FlatText.of(said))
                .putUnlessEmpty("ToolCalls", calls)
                .build();
    }

    private static Json withImages(List<Part> said) {
        List<Json> contents = new ArrayList<>();
        for (Part part : said) {
            if (part instanceof Part.Image image) {
                contents.add(Json.object()
                        .put("Type", "image_url")
                        .put(
                                "ImageUrl",
                                Json.object().put("Url", url(image.media())).build())
                        .build());
            } else {
                FlatText.require(List.of(part), "Hunyuan");
                contents.add(Json.object()
                        .put("Type", "text")
                        .put("Text", FlatText.of(List.of(part)))
                        .build());
            }
        }
        return Json.object()
                .put("Role", "user")
                .put("Contents", Json.array(contents))
                .build();
    }

    private static @Nullable String url(Media media) {
        return switch (media) {
            case Media.Url(String url, String _) -> url;
            case Media.Inline(String type, String base64) -> "data:" + type + ";base64," + base64;
            case Media.FileId _, Media.PlainText _ ->
                throw new InexpressibleException("Hunyuan takes images by URL or as data: URLs", "messages");
        };
    }
}
