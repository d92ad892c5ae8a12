package dev.sluice.simulator.gemini;

import static dev.sluice.simulator.gemini.Wire.spelled;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Frame.Kind;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Thinking;
import dev.sluice.simulator.voice.ToolCall;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code :generateContent} and {@code :streamGenerateContent}. */
final class GenerateVoice implements GoogleVoice {
    /** How an answer is handed over. */
    enum Delivery {
        WHOLE,
        /** Server-sent events, when the query says {@code alt=sse}. */
        EVENTS,
        /** One JSON array that grows. */
        ARRAY
    }

    private static final int MOST_CANDIDATES = 8;

    private final Delivery delivery;

    GenerateVoice(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public Script refusal(Complaint complaint) {
        Script one = GoogleVoice.super.refusal(complaint);
        if (delivery != Delivery.ARRAY) {
            return one;
        }
        Frame wrapped = new Frame(
                Kind.ERROR, Buffer.buffer("[" + one.frames().getFirst().bytes() + "\n]"), 0, null);
        return new Script(one.status(), one.contentType(), one.headers(), false, List.of(wrapped), one.usage());
    }

    @Override
    public Buffer event(String json, int eventsBefore) {
        return delivery == Delivery.ARRAY
                ? Buffer.buffer((eventsBefore == 0 ? "[" : ",\r\n") + json + "\n]")
                : GoogleVoice.super.event(json, eventsBefore);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        Prompt prompt = GeminiPrompt.read(body);
        Fields config = body.object(spelled(body, "generationConfig"));
        Fields thinking = config.object(spelled(config, "thinkingConfig"));
        boolean thinks = thinking.flag(spelled(thinking, "includeThoughts"), false);
        Wishes wished = Thinking.asked(wishes, thinks);
        int candidates = Math.min(MOST_CANDIDATES, config.count(spelled(config, "candidateCount"), 1));
        if (delivery != Delivery.WHOLE && candidates > 1) {
            throw config.wrong("candidateCount", "1 in a stream");
        }
        List<Reply> replies = new ArrayList<>();
        for (int candidate = 0; candidate < candidates; candidate++) {
            replies.add(Reply.to(prompt, wished, heard, candidate));
        }
        Usage usage = Reply.usage(prompt.tokens(), replies, wished);
        List<String> thoughts = thinks ? Thinking.of(wished) : List.of();
        return switch (delivery) {
            case WHOLE -> whole(heard, replies, thoughts, usage, wished);
            case EVENTS -> Script.events(stream(heard, replies.getFirst(), thoughts, usage, wished), usage);
            case ARRAY ->
                new Script(
                        200,
                        "application/json; charset=UTF-8",
                        List.of(),
                        true,
                        stream(heard, replies.getFirst(), thoughts, usage, wished),
                        usage);
        };
    }

    private static Script whole(Heard heard, List<Reply> replies, List<String> thoughts, Usage usage, Wishes wishes) {
        JsonArray candidates = new JsonArray();
        for (int index = 0; index < replies.size(); index++) {
            Reply reply = replies.get(index);
            JsonArray parts = new JsonArray();
            if (!thoughts.isEmpty()) {
                parts.add(thought(String.join("", thoughts)));
            }
            if (reply.calls().isEmpty()) {
                parts.add(new JsonObject().put("text", reply.joinedText()));
            }
            for (int number = 0; number < reply.calls().size(); number++) {
                parts.add(call(heard, reply.calls().get(number), number));
            }
            candidates.add(candidate(index, parts, Wire.finish(reply.finish())));
        }
        boolean told = wishes.tellsUsage();
        return Script.whole(response(heard, candidates, told ? usage : null), usage, told);
    }

    private List<Frame> stream(Heard heard, Reply reply, List<String> thoughts, Usage usage, Wishes wishes) {
        Chunks chunks = new Chunks(heard, usage, wishes.tellsUsage());
        chunks.add(Kind.OPENING, new JsonArray().add(new JsonObject().put("text", "")), null, 0);
        for (String thought : thoughts) {
            chunks.add(Kind.CONTENT, new JsonArray().add(thought(thought)), null, 0);
        }
        for (Reply.Piece piece : reply.text()) {
            chunks.add(
                    Kind.CONTENT,
                    new JsonArray().add(new JsonObject().put("text", piece.text())),
                    null,
                    piece.tokens());
        }
        for (int number = 0; number < reply.calls().size(); number++) {
            ToolCall call = reply.calls().get(number);
            chunks.add(Kind.CONTENT, new JsonArray().add(call(heard, call, number)), null, call.tokens());
        }
        chunks.add(
                Kind.TERMINATOR, new JsonArray().add(new JsonObject().put("text", "")), Wire.finish(reply.finish()), 0);
        return chunks.frames;
    }

    /** The chunks of one stream; each tells what has been used so far. */
    private final class Chunks {
        private final List<Frame> frames = new ArrayList<>();
        private final Heard heard;
        private final Usage usage;
        private final boolean told;
        private int visibleTokens;

        Chunks(Heard heard, Usage usage, boolean told) {
            this.heard = heard;
            this.usage = usage;
            this.told = told;
        }

        void add(Kind kind, JsonArray parts, @Nullable String finish, int tokens) {
            visibleTokens += tokens;
            boolean last = kind == Kind.TERMINATOR;
            Usage running = told ? last ? usage : Reply.runningUsage(usage, visibleTokens) : null;
            String chunk = response(heard, new JsonArray().add(candidate(0, parts, finish)), running)
                    .encode();
            String framed = delivery == Delivery.ARRAY
                    ? (frames.isEmpty() ? "[" : ",\r\n") + chunk + (last ? "\n]" : "")
                    : "data: " + chunk + "\r\n\r\n";
            frames.add(new Frame(kind, Buffer.buffer(framed), tokens, running));
        }
    }

    private static JsonObject response(Heard heard, JsonArray candidates, @Nullable Usage usage) {
        JsonObject response = new JsonObject().put("candidates", candidates);
        if (usage != null) {
            response.put("usageMetadata", Wire.usage(usage));
        }
        return response.put("modelVersion", heard.model()).put("responseId", heard.id("response"));
    }

    private static JsonObject candidate(int index, JsonArray parts, @Nullable String finish) {
        JsonObject candidate = new JsonObject()
                .put("content", new JsonObject().put("role", "model").put("parts", parts));
        if (finish != null) {
            candidate.put("finishReason", finish);
        }
        return candidate.put("index", index);
    }

    private static JsonObject thought(String text) {
        return new JsonObject().put("text", text).put("thought", true);
    }

    /** The first of the calls carries the signature. */
    private static JsonObject call(Heard heard, ToolCall call, int number) {
        JsonObject part = new JsonObject()
                .put(
                        "functionCall",
                        new JsonObject()
                                .put("id", call.id())
                                .put("name", call.tool().name())
                                .put("args", new JsonObject(call.input())));
        return number == 0 ? part.put("thoughtSignature", Thinking.signature(heard)) : part;
    }
}
