package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.TextSample;
import java.io.ByteArrayOutputStream;

/** Samples the text of an answer, whole or event by event, for an estimate of its tokens in bounded memory. */
public final class Delivered {
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private long totalBytes;

    static TextSample of(ChatAnswer answer) {
        Delivered sample = new Delivered();
        answer.parts().forEach(sample::add);
        return sample.sample();
    }

    /** Counts what an event delivers. */
    public void add(ChatEvent event) {
        switch (event) {
            case ChatEvent.TextDelta(String text) -> add(text);
            case ChatEvent.ThinkingDelta(String text) -> add(text);
            case ChatEvent.RefusalDelta(String text) -> add(text);
            case ChatEvent.ToolCallStarted call -> add(call.name());
            case ChatEvent.ToolCallDelta(int _, String fragment) -> add(fragment);
            case ChatEvent.Started _,
                    ChatEvent.ThinkingSignature _,
                    ChatEvent.RedactedThinking _,
                    ChatEvent.MediaPart _,
                    ChatEvent.Noted _,
                    ChatEvent.Finished _,
                    ChatEvent.UsageReport _,
                    ChatEvent.Conversation _,
                    ChatEvent.Ping _,
                    ChatEvent.Failed _,
                    ChatEvent.Ended _ -> {}
        }
    }

    public TextSample sample() {
        return totalBytes == 0 ? TextSample.EMPTY : new TextSample(head.toByteArray(), totalBytes);
    }

    private void add(Part part) {
        switch (part) {
            case Part.Text text -> add(text.text());
            case Part.Thinking thinking -> add(thinking.text());
            case Part.Refusal refusal -> add(refusal.text());
            case Part.ToolCall call -> {
                add(call.name());
                add(call.arguments());
            }
            case Part.Image _,
                    Part.Audio _,
                    Part.Video _,
                    Part.Document _,
                    Part.ToolResult _,
                    Part.RedactedThinking _ -> {}
        }
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        int kept = Math.min(bytes.length, TextSample.MAX_HEAD - head.size());
        head.write(bytes, 0, kept);
        totalBytes += bytes.length;
    }
}
