package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Ranking;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.UsageReport;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Images, speech, transcriptions, moderations and rerank. */
final class MediaVoices {
    /** A picture of one pixel. */
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /** A model that tells seconds in place of tokens. */
    private static final String BILLED_BY_SECOND = "whisper-1";

    private static final double SOUND_SECONDS = 3.5;
    private static final int TOKENS_PER_IMAGE = 100;
    private static final int TOKENS_PER_SOUND = 20;

    private MediaVoices() {}

    static Script images(Heard heard, Wishes wishes) throws Rejection {
        JsonObject json = json(heard);
        Usage usage = Usage.of(Tokens.count(json.getString("prompt", "")), TOKENS_PER_IMAGE);
        JsonObject told = usage(usage, wishes);
        if (isStream(json)) {
            JsonObject part = new JsonObject()
                    .put("type", "image_generation.partial_image")
                    .put("b64_json", PIXEL);
            JsonObject last =
                    new JsonObject().put("type", "image_generation.completed").put("b64_json", PIXEL);
            if (!told.isEmpty()) last.put("usage", told);
            return Wire.stream(
                    heard,
                    List.of(
                            Frame.content(event(part.put("partial_image_index", 0)), 0),
                            Frame.content(event(last), TOKENS_PER_IMAGE).reporting(told.isEmpty() ? null : usage)),
                    usage);
        }
        JsonObject answer = new JsonObject().put("created", heard.createdAt()).put("data", pictures(json));
        if (!told.isEmpty()) answer.put("usage", told);
        return Wire.whole(heard, answer, usage, !told.isEmpty());
    }

    /** As many as are wanted; of a form the number is a text. */
    private static JsonArray pictures(JsonObject json) {
        JsonArray pictures = new JsonArray();
        int wanted = Math.clamp(Integer.parseInt(String.valueOf(json.getValue("n", 1))), 1, 10);
        for (int i = 0; i < wanted; i++) {
            pictures.add(new JsonObject().put("b64_json", PIXEL));
        }
        return pictures;
    }

    static Script speech(Heard heard, Wishes wishes) throws Rejection {
        JsonObject json = json(heard);
        String input = json.getString("input", "");
        Usage usage = Usage.of(Tokens.count(input), TOKENS_PER_SOUND);
        if (!"sse".equals(json.getString("stream_format"))) {
            Frame sound = Frame.content("ID3" + input, TOKENS_PER_SOUND);
            return new Script(200, "audio/mpeg", List.of(), false, List.of(sound), usage);
        }
        JsonObject delta = new JsonObject().put("type", "speech.audio.delta").put("audio", "SUQz");
        JsonObject done = new JsonObject().put("type", "speech.audio.done").put("usage", usage(usage, wishes));
        return Wire.stream(
                heard,
                List.of(
                        Frame.content(event(delta), TOKENS_PER_SOUND),
                        Frame.content(event(done), 0).reporting(usage)),
                usage);
    }

    static Script transcription(Heard heard, Wishes wishes) throws Rejection {
        JsonObject json = json(heard);
        if (heard.model().isEmpty()) {
            throw new Rejection(Complaint.invalid("model", "you must provide a model parameter"));
        }
        String text = "Heard " + json.getInteger("form_bytes", 0) + " bytes";
        Usage usage = Usage.of(TOKENS_PER_SOUND, Tokens.count(text));
        JsonObject told = usage(usage, wishes);
        if (json.getString("response_format", "json").equals("text")) {
            return new Script(
                    200, "text/plain; charset=utf-8", List.of(), false, List.of(Frame.content(text, 4)), usage);
        }
        JsonObject answer = new JsonObject().put("text", text);
        if (json.getString("response_format", "json").equals("verbose_json")) {
            answer.put("task", "transcribe").put("language", "english").put("duration", SOUND_SECONDS);
        }
        if (heard.model().equals(BILLED_BY_SECOND)) {
            long seconds = Math.round(Math.ceil(SOUND_SECONDS));
            answer.put("usage", new JsonObject().put("type", "duration").put("seconds", seconds));
            return Wire.whole(heard, answer, Usage.ZERO, false);
        }
        if (!told.isEmpty()) answer.put("usage", told.put("type", "tokens"));
        if (isStream(json)) {
            JsonObject delta =
                    new JsonObject().put("type", "transcript.text.delta").put("delta", text);
            return Wire.stream(
                    heard,
                    List.of(
                            Frame.content(event(delta), 4),
                            Frame.content(event(answer.put("type", "transcript.text.done")), 0)
                                    .reporting(usage)),
                    usage);
        }
        return Wire.whole(heard, answer, usage, !told.isEmpty());
    }

    static Script moderations(Heard heard, Wishes wishes) throws Rejection {
        Object input = json(heard).getValue("input");
        int inputs = input instanceof JsonArray array ? array.size() : 1;
        JsonArray results = new JsonArray();
        for (int i = 0; i < inputs; i++) {
            results.add(new JsonObject()
                    .put("flagged", false)
                    .put("categories", new JsonObject().put("violence", false))
                    .put("category_scores", new JsonObject().put("violence", 0.01)));
        }
        JsonObject answer = new JsonObject()
                .put("id", "modr-" + heard.id("moderation"))
                .put("model", heard.model().isEmpty() ? "omni-moderation-latest" : heard.model())
                .put("results", results);
        return Wire.whole(heard, answer, Usage.ZERO, false);
    }

    /** As Jina and vLLM tell it. */
    static Script rerank(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        Ranking ranking = Ranking.asked(body, body);
        boolean told = wishes.tellsUsage();
        JsonObject answer = new JsonObject()
                .put("id", "rerank-" + heard.id("rerank"))
                .put("object", "list")
                .put("model", heard.model());
        if (told) {
            answer.put("usage", new JsonObject().put("total_tokens", ranking.tokens()));
        }
        answer.put("results", ranking.results(body.flag("return_documents", false)));
        return Wire.whole(heard, answer, Usage.of(ranking.tokens(), 0), told);
    }

    private static JsonObject json(Heard heard) throws Rejection {
        JsonObject json = heard.json();
        if (!heard.method().equals("POST") || json == null) {
            throw new Rejection(Complaint.invalid(null, "We could not parse the body of your request."));
        }
        return json;
    }

    /** A flag of a form is a text. */
    private static boolean isStream(JsonObject json) {
        return "true".equals(String.valueOf(json.getValue("stream")));
    }

    private static JsonObject usage(Usage usage, Wishes wishes) {
        return wishes.report() == UsageReport.NEVER
                ? new JsonObject()
                : new JsonObject()
                        .put("input_tokens", usage.inputTokens())
                        .put("output_tokens", usage.outputTokens())
                        .put("total_tokens", usage.totalTokens());
    }

    private static String event(JsonObject json) {
        return "event: " + json.getString("type") + "\n" + Wire.event(json);
    }
}
