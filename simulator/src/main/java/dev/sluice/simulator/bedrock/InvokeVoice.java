package dev.sluice.simulator.bedrock;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.anthropic.AnthropicVoices;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Frame.Kind;
import dev.sluice.simulator.voice.Header;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.Vector;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * {@code POST /model/{id}/invoke} and {@code /invoke-with-response-stream}: bodies in the model's own form. Titan and Cohere embed; all other
 * models speak the Anthropic form.
 */
final class InvokeVoice implements RuntimeVoice {
    private static final int USUAL_DIMENSIONS = 1_024;
    private static final String DATA = "data: ";

    private final boolean stream;
    private final Voice anthropic;

    InvokeVoice(boolean stream) {
        this.stream = stream;
        this.anthropic = AnthropicVoices.onBedrock(stream);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        if (heard.model().contains("titan-embed")) {
            return titan(heard, body);
        }
        if (heard.model().contains("cohere.embed")) {
            return cohere(heard, body);
        }
        Script answer = anthropic.answer(heard, wishes);
        if (!answer.isSuccess()) {
            JsonObject error = new JsonObject(answer.frames().getFirst().bytes()).getJsonObject("error");
            throw new Rejection(new Complaint(answer.status(), error.getString("message"), null, null, null));
        }
        if (!stream) {
            return new Script(
                    200, answer.contentType(), headers(heard, answer.usage()), false, answer.frames(), answer.usage());
        }
        List<Frame> frames = new ArrayList<>();
        for (Frame frame : answer.frames()) {
            frames.add(wrapped(frame, answer.usage()));
        }
        return Wire.stream(heard, frames, answer.usage());
    }

    private static List<Header> headers(Heard heard, Usage usage) {
        return List.of(
                Wire.requestId(heard),
                new Header("x-amzn-bedrock-input-token-count", "" + usage.inputTokens()),
                new Header("x-amzn-bedrock-output-token-count", "" + usage.outputTokens()));
    }

    /** An event of the model's own stream, as the bytes of a chunk. The last one tells what Bedrock has counted. */
    private static Frame wrapped(Frame frame, Usage usage) {
        String text = frame.bytes().toString(StandardCharsets.UTF_8);
        String json = text.substring(text.indexOf(DATA) + DATA.length()).strip();
        if (frame.kind() == Kind.TERMINATOR) {
            json = new JsonObject(json)
                    .put(
                            "amazon-bedrock-invocationMetrics",
                            new JsonObject()
                                    .put("inputTokenCount", usage.inputTokens())
                                    .put("outputTokenCount", usage.outputTokens()))
                    .encode();
        }
        String bytes = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        String payload = new JsonObject().put("bytes", bytes).encode();
        return new Frame(frame.kind(), EventMessage.event("chunk", payload).bytes(), frame.tokens(), frame.reported());
    }

    private static Script titan(Heard heard, Fields body) throws Rejection {
        String text = body.needed("inputText");
        int tokens = Tokens.count(text);
        String vector =
                Vector.of(text, body.count("dimensions", USUAL_DIMENSIONS)).json();
        return Script.whole(
                "{\"embedding\":" + vector + ",\"inputTextTokenCount\":" + tokens + "}",
                Usage.of(tokens, 0),
                true,
                Wire.requestId(heard));
    }

    private static Script cohere(Heard heard, Fields body) throws Rejection {
        List<String> texts = body.texts("texts");
        body.needed("input_type");
        List<String> vectors = new ArrayList<>();
        texts.forEach(text -> vectors.add(Vector.of(text, USUAL_DIMENSIONS).json()));
        Usage usage = Usage.of(texts.stream().mapToInt(Tokens::count).sum(), 0);
        String json = "{\"embeddings\":[" + String.join(",", vectors) + "],\"response_type\":\"embeddings_floats\"}";
        return Script.whole(json, usage, false, headers(heard, usage).toArray(Header[]::new));
    }
}
