package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes answers of completions, whole and streamed. They hold text only. */
final class CompletionsWriter implements StreamEncoder {
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(US_ASCII);

    private final ClientView view;
    private ChatEvent.Started started = new ChatEvent.Started("", "", 0);
    private @Nullable Usage usage;

    CompletionsWriter(ClientView view) {
        this.view = view;
    }

    static byte[] write(ChatAnswer answer, ClientView view) {
        StringBuilder text = new StringBuilder();
        for (Part part : answer.parts()) {
            if (part instanceof Part.Text told) text.append(told.text());
            if (part instanceof Part.Refusal refusal) text.append(refusal.text());
        }
        ChatEvent.Started started = new ChatEvent.Started(answer.id(), answer.model(), answer.createdSeconds());
        Json.Builder json = envelope(started, view)
                .put("choices", Json.array(List.of(choice(text.toString(), finish(answer.stopReason())))));
        if (answer.usage() != null) json.put("usage", ChatAnswerWriter.usage(answer.usage()));
        return json.build().toBytes();
    }

    private static Json.Builder envelope(ChatEvent.Started started, ClientView view) {
        return Json.object()
                .put("id", ChatAnswerWriter.id(started.id(), view, "cmpl-"))
                .put("object", "text_completion")
                .put("created", ChatAnswerWriter.created(started.createdSeconds(), view))
                .put("model", ChatAnswerWriter.model(started.model(), view));
    }

    /** Calls of tools have no place here. */
    private static String finish(StopReason reason) {
        return FinishReasons.word(reason == StopReason.TOOL_CALLS ? StopReason.END : reason);
    }

    private static Json choice(String text, @Nullable String finish) {
        return Json.object()
                .put("text", text)
                .put("index", 0)
                .put("logprobs", Json.none())
                .put("finish_reason", Json.of(finish))
                .build();
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started begun -> started = begun;
            case ChatEvent.TextDelta(String text) -> chunk(List.of(choice(text, null)), Json.none(), out);
            case ChatEvent.RefusalDelta(String text) -> chunk(List.of(choice(text, null)), Json.none(), out);
            case ChatEvent.Finished finished -> chunk(List.of(choice("", finish(finished.reason()))), Json.none(), out);
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Ended _ -> {
                if (view.usageInStream() && usage != null) chunk(List.of(), ChatAnswerWriter.usage(usage), out);
                out.writeBytes(DONE);
            }
            case ChatEvent.Ping _ -> StreamEncoder.ping(out);
            case ChatEvent.ThinkingDelta _,
                    ChatEvent.ThinkingSignature _,
                    ChatEvent.RedactedThinking _,
                    ChatEvent.MediaPart _,
                    ChatEvent.ToolCallStarted _,
                    ChatEvent.ToolCallDelta _,
                    ChatEvent.Conversation _,
                    ChatEvent.Noted _,
                    ChatEvent.Failed _ -> {}
        }
    }

    private void chunk(List<Json> choices, Json told, ByteArrayOutputStream out) {
        Json.Builder json = envelope(started, view).put("choices", Json.array(choices));
        if (view.usageInStream()) json.put("usage", told);
        out.writeBytes("data: ".getBytes(US_ASCII));
        out.writeBytes(json.build().toBytes());
        out.writeBytes("\n\n".getBytes(US_ASCII));
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(ErrorForm.chunk(error));
    }
}
