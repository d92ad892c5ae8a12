package dev.sluice.protocol.agents;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Notes.Citation;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.chat.UpstreamFormat;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An application of Alibaba Cloud Bailian.
 *
 * @see <a href="https://help.aliyun.com/zh/model-studio/call-single-agent-application">Alibaba Cloud</a>
 */
final class BailianFormat implements UpstreamFormat {
    private static final String REFERENCES = "doc_references";

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        Conversations.require(request, "an application of Bailian");
        Json.Builder input =
                Json.object().put("prompt", Conversations.query(request)).put("session_id", request.conversationId());
        List<String> images = Conversations.images(request);
        if (!images.isEmpty()) input.put("image_list", Json.texts(images));
        input.put("biz_params", request.extensions().get("biz_params"));
        Json parameters = Json.object()
                .put("incremental_output", request.stream() ? Json.of(true) : null)
                .put("has_thoughts", request.reasoning() != null ? Json.of(true) : null)
                .put("temperature", Fields.number(request.sampling().temperature()))
                .put("top_p", Fields.number(request.sampling().topP()))
                .put("top_k", Fields.number(request.sampling().topK()))
                .put("seed", Fields.number(request.sampling().seed()))
                .build();
        return Json.object()
                .put("input", input.build())
                .put("parameters", parameters)
                .build()
                .toBytes();
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        Json output = json.get("output");
        if (!output.isObject()) {
            UpstreamError told = ErrorReader.find(body, from, to);
            return told == null ? new AnswerRead.Malformed("the answer has no output") : new AnswerRead.Failed(told);
        }
        List<Part> parts = new ArrayList<>();
        String thoughts = thoughts(output);
        if (!thoughts.isEmpty()) parts.add(new Part.Thinking(thoughts, null));
        parts.add(new Part.Text(text(output)));
        return new AnswerRead.Read(new ChatAnswer(
                json.get("request_id").text(""),
                "",
                0,
                parts,
                StopReason.END,
                null,
                usage(json.get("usage")),
                output.get("session_id").text(),
                references(output)));
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new SseDecoder(maxEventBytes, new Events());
    }

    private static String text(Json output) {
        String text = output.get("text").text("");
        return text.isEmpty()
                ? output.get("workflow_message").get("message").get("content").text("")
                : text;
    }

    /** The documents that an answer rests on: those with an address are pages, of the others the vendor's own words go on. */
    private static Notes references(Json output) {
        List<Citation> pages = new ArrayList<>();
        List<Json> others = new ArrayList<>();
        for (Json reference : output.get(REFERENCES).items()) {
            String url = reference.get("doc_url").text("");
            String title = reference.get("title").text("");
            if (url.isEmpty()) others.add(reference);
            else
                pages.add(new Citation(
                        url, title.isEmpty() ? reference.get("doc_name").text("") : title));
        }
        return new Notes(pages, others.isEmpty() ? Map.of() : Map.of(REFERENCES, Json.array(others)));
    }

    private static String thoughts(Json output) {
        StringBuilder all = new StringBuilder();
        for (Json thought : output.get("thoughts").items())
            all.append(thought.get("thought").text(""));
        return all.toString();
    }

    private static @Nullable Usage usage(Json usage) {
        List<Json> models = usage.get("models").items();
        if (models.isEmpty()) return null;
        long input = 0;
        long output = 0;
        for (Json model : models) {
            input += TokenCount.of(model.get("input_tokens"));
            output += TokenCount.of(model.get("output_tokens"));
        }
        return Usage.of(input, output);
    }

    /** Reads one stream of increments. */
    private static final class Events implements SseDecoder.Reader {
        private boolean conversation;
        private Notes references = Notes.NONE;

        @Override
        public void event(String name, Json data, Steps steps) {
            Json output = data.get("output");
            if (name.equals("error") || !output.isObject()) {
                steps.fail(new UpstreamError(
                        data.get("message").text(""), data.get("code").text(), null, null));
                return;
            }
            steps.start(data.get("request_id").text(""), "", 0);
            String session = output.get("session_id").text("");
            if (!conversation && !session.isEmpty()) {
                conversation = true;
                steps.conversation(session);
            }
            steps.thinking(thoughts(output));
            steps.text(text(output));
            Notes told = references(output);
            if (!told.isEmpty()) references = told;
            steps.usage(usage(data.get("usage")));
            String reason = output.get("finish_reason").text("null");
            if (reason.equals("null") || reason.isEmpty()) return;
            steps.notes(references);
            steps.finish(StopReason.END, null);
            steps.end();
        }
    }
}
