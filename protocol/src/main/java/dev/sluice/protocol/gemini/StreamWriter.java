package dev.sluice.protocol.gemini;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a streamed answer as responses. Gemini's clients know whole calls only: they wait for their arguments. */
final class StreamWriter implements StreamEncoder {
    private record Call(ChatEvent.ToolCallStarted start, StringBuilder arguments) {}

    private final ClientView view;
    private final List<Call> calls = new ArrayList<>();
    private String id = "";
    private String model = "";
    private StopReason reason = StopReason.END;
    private @Nullable Usage usage;

    StreamWriter(ClientView view) {
        this.view = view;
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started started -> {
                id = started.id();
                model = started.model();
            }
            case ChatEvent.TextDelta(String text) -> part(Members.text(text), out);
            case ChatEvent.RefusalDelta(String text) -> part(Members.text(text), out);
            case ChatEvent.ThinkingDelta(String text) -> thought(text, null, out);
            case ChatEvent.ThinkingSignature(String signature) -> thought("", signature, out);
            case ChatEvent.MediaPart media -> {
                Json written = AnswerWriter.part(media.part());
                if (written != null) part(written, out);
            }
            case ChatEvent.ToolCallStarted start -> calls.add(new Call(start, new StringBuilder()));
            case ChatEvent.ToolCallDelta(int index, String fragment) -> {
                if (index < calls.size()) calls.get(index).arguments.append(fragment);
            }
            case ChatEvent.Finished finished -> reason = finished.reason();
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Ended _ -> end(out);
            case ChatEvent.RedactedThinking _,
                    ChatEvent.Conversation _,
                    ChatEvent.Noted _,
                    ChatEvent.Ping _,
                    ChatEvent.Failed _ -> {}
        }
    }

    private void thought(String text, @Nullable String signature, ByteArrayOutputStream out) {
        if (Members.showsThoughts(view)) part(Members.thought(text, signature), out);
    }

    private void part(Json part, ByteArrayOutputStream out) {
        respond(List.of(part), null, null, out);
    }

    private void end(ByteArrayOutputStream out) {
        List<Json> parts = new ArrayList<>();
        for (Call call : calls)
            parts.add(Members.call(
                    call.start.id(), call.start.name(), call.arguments.toString(), call.start.signature()));
        if (parts.isEmpty()) parts.add(Members.text(""));
        respond(parts, reason, usage, out);
    }

    private void respond(
            List<Json> parts, @Nullable StopReason told, @Nullable Usage total, ByteArrayOutputStream out) {
        out.writeBytes(Members.frame(
                AnswerWriter.response(id, model, view, parts, told, total).toBytes()));
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(ErrorForm.event(error));
    }
}
