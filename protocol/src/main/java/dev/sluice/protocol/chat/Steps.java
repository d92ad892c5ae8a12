package dev.sluice.protocol.chat;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands on the steps of one streamed answer in the order of {@link ChatEvent}, whatever the order of the vendor: the start once and
 * first, usage behind the end of the content, nothing behind a failure. What a decoder says too late is left out.
 */
public final class Steps {
    private Consumer<ChatEvent> sink = _ -> {};
    private boolean started;
    private boolean finished;
    private boolean over;
    private int calls;
    private @Nullable Usage usage;
    private @Nullable Usage told;
    private @Nullable Usage reported;

    /** Where steps go from now on. */
    public void into(Consumer<ChatEvent> next) {
        sink = next;
    }

    public void start(String id, String model, long createdSeconds) {
        if (started || over) return;
        started = true;
        sink.accept(new ChatEvent.Started(id, model, createdSeconds));
    }

    public void text(String text) {
        if (!text.isEmpty()) content(new ChatEvent.TextDelta(text));
    }

    public void thinking(String text) {
        if (!text.isEmpty()) content(new ChatEvent.ThinkingDelta(text));
    }

    public void thinkingSignature(String signature) {
        content(new ChatEvent.ThinkingSignature(signature));
    }

    public void redactedThinking(String encrypted) {
        content(new ChatEvent.RedactedThinking(encrypted));
    }

    public void refusal(String text) {
        if (!text.isEmpty()) content(new ChatEvent.RefusalDelta(text));
    }

    public void notes(Notes notes) {
        if (!notes.isEmpty()) content(new ChatEvent.Noted(notes));
    }

    public void media(Part part) {
        content(new ChatEvent.MediaPart(part));
    }

    /** Begins a call of a tool; its number is the index of its fragments. */
    public int call(String id, String name, @Nullable String signature) {
        int index = calls++;
        content(new ChatEvent.ToolCallStarted(index, id, name, signature));
        return index;
    }

    public void arguments(int index, String fragment) {
        if (!fragment.isEmpty()) content(new ChatEvent.ToolCallDelta(index, fragment));
    }

    /** The content is complete. */
    public void finish(StopReason reason, @Nullable String stopSequence) {
        if (over || finished) return;
        content(new ChatEvent.Finished(reason, stopSequence));
        finished = true;
        report();
    }

    /** The newest usage of the whole call; vendors that report in every event report totals. */
    public void usage(@Nullable Usage newest) {
        if (newest == null) return;
        usage = newest;
        told = newest;
        if (finished) report();
    }

    /** Usage that the beginning of a stream tells and its end replaces. */
    public void begun(@Nullable Usage first) {
        if (first != null) told = first;
    }

    /** The newest usage, handed on or not. */
    public @Nullable Usage told() {
        return told;
    }

    public void conversation(String id) {
        if (!over) sink.accept(new ChatEvent.Conversation(id));
    }

    public void ping() {
        if (!over) sink.accept(new ChatEvent.Ping());
    }

    public void fail(UpstreamError error) {
        if (over) return;
        over = true;
        sink.accept(new ChatEvent.Failed(error));
    }

    /** What came is none of the format. */
    public void malformed(String what) {
        fail(new UpstreamError("an event of the upstream's stream " + what, "malformed_event", null, null));
    }

    /** The vendor has ended the stream; without a reason of the content's end it was cut off. */
    public void end() {
        if (over) return;
        report();
        if (!finished) return;
        over = true;
        sink.accept(new ChatEvent.Ended());
    }

    public boolean isFinished() {
        return finished;
    }

    /** Whether nothing more comes out. */
    public boolean isOver() {
        return over;
    }

    /** How many calls of tools have begun. */
    public int calls() {
        return calls;
    }

    private void content(ChatEvent event) {
        if (over || finished) return;
        start("", "", 0);
        sink.accept(event);
    }

    private void report() {
        if (over || usage == null || usage.equals(reported)) return;
        reported = usage;
        sink.accept(new ChatEvent.UsageReport(usage));
    }
}
