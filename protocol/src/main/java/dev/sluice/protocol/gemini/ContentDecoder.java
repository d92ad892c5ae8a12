package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decodes a stream: events, or one JSON array that grows by a response at a time. The first byte tells them apart. */
final class ContentDecoder implements StreamDecoder {
    private final int maxEventBytes;
    private @Nullable StreamDecoder decoder;

    ContentDecoder(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    @Override
    public void feed(byte[] bytes, int from, int to, Consumer<ChatEvent> sink) {
        int begin = from;
        StreamDecoder chosen = decoder;
        if (chosen == null) {
            while (begin < to && isSpace(bytes[begin])) begin++;
            if (begin == to) return;
            chosen = bytes[begin] == '['
                    ? new Elements(maxEventBytes)
                    : new SseDecoder(maxEventBytes, new StreamReader());
            decoder = chosen;
        }
        chosen.feed(bytes, begin, to, sink);
    }

    @Override
    public void end(Consumer<ChatEvent> sink) {
        if (decoder != null) decoder.end(sink);
    }

    @Override
    public @Nullable Usage told() {
        return decoder == null ? null : decoder.told();
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Takes the objects of a growing array apart. */
    private static final class Elements implements StreamDecoder {
        private final int longest;
        private final StreamReader reader = new StreamReader();
        private final Steps steps = new Steps();
        private final ByteArrayOutputStream element = new ByteArrayOutputStream();
        private int depth;
        private boolean inString;
        private boolean escaped;

        private Elements(int longest) {
            this.longest = longest;
        }

        @Override
        public void feed(byte[] bytes, int from, int to, Consumer<ChatEvent> sink) {
            steps.into(sink);
            for (int i = from; i < to && !steps.isOver(); i++) next(bytes[i]);
        }

        @Override
        public void end(Consumer<ChatEvent> sink) {
            steps.into(sink);
            if (!steps.isOver()) reader.closed(steps);
        }

        @Override
        public @Nullable Usage told() {
            return steps.told();
        }

        private void next(byte b) {
            if (depth == 0) {
                if (b == '{') depth = 1;
                else if (b != '[' && b != ']' && b != ',' && !isSpace(b)) steps.malformed("is not a JSON object");
                if (depth == 0) return;
                element.reset();
                element.write(b);
                return;
            }
            element.write(b);
            if (element.size() > longest) {
                steps.malformed("is longer than " + longest + " bytes");
            } else if (escaped) {
                escaped = false;
            } else if (inString) {
                escaped = b == '\\';
                inString = b != '"';
            } else if (b == '"') {
                inString = true;
            } else if (b == '{') {
                depth++;
            } else if (b == '}' && --depth == 0) {
                Json json = Json.parse(element.toByteArray());
                if (json == null) steps.malformed("is not valid JSON");
                else reader.event("", json, steps);
            }
        }
    }
}
