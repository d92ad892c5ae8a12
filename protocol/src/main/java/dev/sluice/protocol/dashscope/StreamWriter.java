package dev.sluice.protocol.dashscope;

import static java.nio.charset.StandardCharsets.US_ASCII;

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

/** Writes a streamed answer. Each event holds all that was said, unless the client wants what is new only. */
final class StreamWriter implements StreamEncoder {
    private record Call(ChatEvent.ToolCallStarted start, StringBuilder arguments) {}

    private final ClientView view;
    private final Wishes wishes;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thoughts = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();
    private String id = "";
    private int events;
    private StopReason reason = StopReason.END;
    private @Nullable Usage usage;

    StreamWriter(ClientView view) {
        this.view = view;
        this.wishes = Wishes.of(view);
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started started -> id = started.id();
            case ChatEvent.TextDelta(String more) -> text(more, out);
            case ChatEvent.RefusalDelta(String more) -> text(more, out);
            case ChatEvent.ThinkingDelta(String more) -> {
                thoughts.append(more);
                // A bare text has no place for thoughts.
                if (!wishes.text()) say("", more, Json.none(), out);
            }
            case ChatEvent.ToolCallStarted start -> {
                calls.add(new Call(start, new StringBuilder()));
                call(Members.call(start.index(), start.id(), start.name(), ""), out);
            }
            case ChatEvent.ToolCallDelta(int index, String fragment) -> {
                if (index >= calls.size()) return;
                calls.get(index).arguments.append(fragment);
                call(Members.call(index, "", "", fragment), out);
            }
            case ChatEvent.Finished finished -> reason = finished.reason();
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Ping _ -> StreamEncoder.ping(out);
            case ChatEvent.Ended _ -> frame("", "", Json.none(), Members.word(reason), usage, out);
            case ChatEvent.MediaPart _,
                    ChatEvent.ThinkingSignature _,
                    ChatEvent.RedactedThinking _,
                    ChatEvent.Conversation _,
                    ChatEvent.Noted _,
                    ChatEvent.Failed _ -> {}
        }
    }

    private void text(String more, ByteArrayOutputStream out) {
        text.append(more);
        say(more, "", Json.none(), out);
    }

    private void call(Json fragment, ByteArrayOutputStream out) {
        say("", "", Json.array(List.of(fragment)), out);
    }

    private void say(String fresh, String thought, Json fragment, ByteArrayOutputStream out) {
        frame(fresh, thought, fragment, "null", null, out);
    }

    private void frame(
            String fresh,
            String thought,
            Json fragment,
            String word,
            @Nullable Usage total,
            ByteArrayOutputStream out) {
        String answer = id.isEmpty() ? view.id() : id;
        Json data = wishes.incremental()
                ? AnswerWriter.response(wishes, fresh, thought, fragment, word, total, answer)
                : AnswerWriter.response(wishes, text.toString(), thoughts.toString(), calls(), word, total, answer);
        events++;
        out.writeBytes(("id:" + events + "\nevent:result\n:HTTP_STATUS/200\ndata:").getBytes(US_ASCII));
        out.writeBytes(data.toBytes());
        out.writeBytes("\n\n".getBytes(US_ASCII));
    }

    private Json calls() {
        List<Json> all = new ArrayList<>();
        for (Call call : calls)
            all.add(Members.call(call.start.index(), call.start.id(), call.start.name(), call.arguments.toString()));
        return Json.array(all);
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(ErrorForm.event(error));
    }
}
