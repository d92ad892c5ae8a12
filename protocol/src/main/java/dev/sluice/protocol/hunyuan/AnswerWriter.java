package dev.sluice.protocol.hunyuan;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.error.AttemptList;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes answers and errors: whole ones in an envelope, events of a stream without. */
final class AnswerWriter implements StreamEncoder {
    private final ClientView view;
    private String id = "";
    private long created;
    private StopReason reason = StopReason.END;
    private @Nullable Usage usage;

    AnswerWriter(ClientView view) {
        this.view = view;
    }

    static byte[] whole(ChatAnswer answer, ClientView view) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<Json> calls = new ArrayList<>();
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Text(String more, var _) -> text.append(more);
                case Part.Refusal(String more) -> text.append(more);
                case Part.Thinking(String more, var _) -> thoughts.append(more);
                case Part.ToolCall call -> calls.add(call(calls.size(), call.id(), call.name(), call.arguments()));
                case Part.Image _,
                        Part.Audio _,
                        Part.Video _,
                        Part.Document _,
                        Part.RedactedThinking _,
                        Part.ToolResult _ -> {}
            }
        }
        AnswerWriter writer = new AnswerWriter(view);
        writer.id = answer.id();
        writer.created = answer.createdSeconds();
        writer.usage = answer.usage();
        Json message = delta(text.toString(), thoughts.toString(), calls);
        Json response = writer.response("Message", message, word(answer.stopReason()))
                .put("RequestId", view.id())
                .build();
        return Json.object().put("Response", response).build().toBytes();
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started started -> {
                id = started.id();
                created = started.createdSeconds();
            }
            case ChatEvent.TextDelta(String text) -> say(delta(text, "", List.of()), "", out);
            case ChatEvent.RefusalDelta(String text) -> say(delta(text, "", List.of()), "", out);
            case ChatEvent.ThinkingDelta(String text) -> say(delta("", text, List.of()), "", out);
            case ChatEvent.ToolCallStarted call -> calls(call(call.index(), call.id(), call.name(), ""), out);
            case ChatEvent.ToolCallDelta(int index, String fragment) -> calls(call(index, "", "", fragment), out);
            case ChatEvent.Finished finished -> reason = finished.reason();
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Ping _ -> StreamEncoder.ping(out);
            case ChatEvent.Ended _ -> say(delta("", "", List.of()), word(reason), out);
            case ChatEvent.ThinkingSignature _,
                    ChatEvent.RedactedThinking _,
                    ChatEvent.MediaPart _,
                    ChatEvent.Conversation _,
                    ChatEvent.Noted _,
                    ChatEvent.Failed _ -> {}
        }
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(errorEvent(error));
    }

    static byte[] error(ClientError error) {
        Json told = Json.object()
                .put("Code", code(error))
                .put("Message", error.message())
                .put("Reason", error.code())
                .putUnlessEmpty("Attempts", AttemptList.of(error))
                .build();
        Json response = Json.object().put("Error", told).build();
        return Json.object().put("Response", response).build().toBytes();
    }

    static byte[] errorEvent(ClientError error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Json told = Json.object()
                .put("Code", code(error))
                .put("Msg", error.message())
                .build();
        frame(Json.object().put("ErrorMsg", told).build(), out);
        return out.toByteArray();
    }

    private static String code(ClientError error) {
        return switch (error.status()) {
            case 401 -> "AuthFailure.SecretIdNotFound";
            case 402 -> "FailedOperation.ResourcePackExhausted";
            case 403 -> "UnauthorizedOperation";
            case 404 -> "InvalidParameterValue.Model";
            case 429 -> "RequestLimitExceeded";
            case 408, 504 -> "FailedOperation.EngineRequestTimeout";
            case 503, 529 -> "FailedOperation.EngineServerLimitExceeded";
            default -> error.status() < 500 ? "InvalidParameterValue" : "InternalError";
        };
    }

    private static String word(StopReason reason) {
        return switch (reason) {
            case END, STOP_SEQUENCE, PAUSED -> "stop";
            case MAX_TOKENS, CONTEXT_FULL -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "sensitive";
        };
    }

    private static Json delta(String text, String thoughts, List<Json> calls) {
        return Json.object()
                .put("Role", "assistant")
                .put("Content", text)
                .put("ReasoningContent", thoughts.isEmpty() ? null : thoughts)
                .putUnlessEmpty("ToolCalls", calls)
                .build();
    }

    private static Json call(int index, String id, String name, String arguments) {
        return Json.object()
                .put("Id", id)
                .put("Type", "function")
                .put("Index", index)
                .put(
                        "Function",
                        Json.object()
                                .put("Name", name)
                                .put("Arguments", arguments)
                                .build())
                .build();
    }

    private void calls(Json call, ByteArrayOutputStream out) {
        say(delta("", "", List.of(call)), "", out);
    }

    private void say(Json delta, String word, ByteArrayOutputStream out) {
        frame(response("Delta", delta, word).build(), out);
    }

    /** What is not known yet is told as nothing; totals come with the end. */
    private Json.Builder response(String kind, Json message, String word) {
        Usage told = usage == null ? Usage.ZERO : usage;
        Json choice = Json.object()
                .put("Index", 0)
                .put("FinishReason", word)
                .put(kind, message)
                .build();
        return Json.object()
                .put("Id", id.isEmpty() ? view.id() : id)
                .put("Created", created == 0 ? view.nowSeconds() : created)
                .put("Choices", Json.array(List.of(choice)))
                .put(
                        "Usage",
                        Json.object()
                                .put("PromptTokens", told.inputTokens())
                                .put("CompletionTokens", told.outputTokens())
                                .put("TotalTokens", told.totalTokens())
                                .build());
    }

    private static void frame(Json data, ByteArrayOutputStream out) {
        out.writeBytes("data: ".getBytes(US_ASCII));
        out.writeBytes(data.toBytes());
        out.writeBytes("\n\n".getBytes(US_ASCII));
    }
}
