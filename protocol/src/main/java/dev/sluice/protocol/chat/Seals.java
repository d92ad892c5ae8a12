package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.chat.ChatRequest.CacheHint;
import dev.sluice.protocol.chat.ChatRequest.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Whose seal is on a thought. A maker of models takes its own sealed thoughts back and refuses those of others; a conversation may go
 * from one maker to another, by a fallback or a share. So what leaves the gateway in another form than the maker's carries a mark of its maker in
 * front, and what comes back is opened for its maker and left out for all others.
 *
 * <p>A mark is 16 letters and digits, so that a seal that is Base64 stays so: {@code slcSeal0} and the maker's check sum.
 *
 * @param maker who makes and takes the seals
 */
public record Seals(String maker) {
    private static final String MARK = "slcSeal0";
    private static final byte[] MARK_BYTES = MARK.getBytes(US_ASCII);
    private static final int LENGTH = MARK.length() + 8;
    /** How far to go on by the byte at the end of the window: no further than to the mark's next byte of this kind. */
    private static final byte[] STEPS = steps();

    /** Whether bytes may hold a mark. */
    public static boolean mayHold(byte[] bytes) {
        int last = MARK_BYTES.length - 1;
        int at = last;
        while (at < bytes.length) {
            int matched = 0;
            while (matched <= last && bytes[at - matched] == MARK_BYTES[last - matched]) matched++;
            if (matched > last) return true;
            at += STEPS[bytes[at] & 0xFF];
        }
        return false;
    }

    /** What a client is told. */
    public ChatEvent marked(ChatEvent event) {
        if (event instanceof ChatEvent.ThinkingSignature(String seal))
            return new ChatEvent.ThinkingSignature(mark(seal));
        if (event instanceof ChatEvent.RedactedThinking(String data)) return new ChatEvent.RedactedThinking(mark(data));
        if (event instanceof ChatEvent.ToolCallStarted(int index, String id, String name, String seal) && seal != null)
            return new ChatEvent.ToolCallStarted(index, id, name, mark(seal));
        return event;
    }

    /** What a client is told. */
    public ChatAnswer marked(ChatAnswer answer) {
        List<Part> parts = answer.parts().stream().map(this::marked).toList();
        return new ChatAnswer(
                answer.id(),
                answer.model(),
                answer.createdSeconds(),
                parts,
                answer.stopReason(),
                answer.stopSequence(),
                answer.usage(),
                answer.conversationId(),
                answer.notes());
    }

    /**
     * What the maker is sent.
     *
     * @param unmarkedToo whether a seal without a mark is the maker's own
     */
    public ChatRequest opened(ChatRequest request, boolean unmarkedToo) {
        if (request.messages().stream()
                .allMatch(message -> message.parts().stream().noneMatch(Seals::isSealed))) return request;
        List<Message> messages = new ArrayList<>(request.messages().size());
        for (Message message : request.messages()) {
            List<Part> parts = new ArrayList<>(message.parts().size());
            for (Part part : message.parts()) {
                Part opened = opened(part, unmarkedToo);
                if (opened != null) parts.add(opened);
            }
            messages.add(new Message(message.role(), parts, message.name()));
        }
        return request.withMessages(messages);
    }

    private Part marked(Part part) {
        if (part instanceof Part.Thinking(String text, String seal) && seal != null)
            return new Part.Thinking(text, mark(seal));
        if (part instanceof Part.RedactedThinking(String data)) return new Part.RedactedThinking(mark(data));
        if (part instanceof Part.ToolCall(String id, String name, String arguments, String seal, CacheHint cache)
                && seal != null) return new Part.ToolCall(id, name, arguments, mark(seal), cache);
        return part;
    }

    /** Null for thoughts that nobody here can read. */
    private @Nullable Part opened(Part part, boolean unmarkedToo) {
        if (part instanceof Part.Thinking(String text, String seal) && seal != null)
            return new Part.Thinking(text, open(seal, unmarkedToo));
        if (part instanceof Part.RedactedThinking(String data)) {
            String own = open(data, unmarkedToo);
            return own == null ? null : new Part.RedactedThinking(own);
        }
        if (part instanceof Part.ToolCall(String id, String name, String arguments, String seal, CacheHint cache)
                && seal != null) return new Part.ToolCall(id, name, arguments, open(seal, unmarkedToo), cache);
        return part;
    }

    private static boolean isSealed(Part part) {
        return part instanceof Part.RedactedThinking
                || part instanceof Part.Thinking thinking && thinking.signature() != null
                || part instanceof Part.ToolCall call && call.signature() != null;
    }

    private String mark(String seal) {
        return seal.isEmpty() ? seal : mark() + seal;
    }

    private @Nullable String open(String seal, boolean unmarkedToo) {
        if (!seal.startsWith(MARK) || seal.length() <= LENGTH) return unmarkedToo ? seal : null;
        return seal.startsWith(mark()) ? seal.substring(LENGTH) : null;
    }

    private String mark() {
        CRC32C sum = new CRC32C();
        sum.update(maker.getBytes(US_ASCII));
        return MARK + String.format("%08x", sum.getValue());
    }

    private static byte[] steps() {
        byte[] steps = new byte[256];
        Arrays.fill(steps, (byte) MARK_BYTES.length);
        for (int i = 0; i < MARK_BYTES.length - 1; i++) steps[MARK_BYTES[i]] = (byte) (MARK_BYTES.length - 1 - i);
        return steps;
    }
}
