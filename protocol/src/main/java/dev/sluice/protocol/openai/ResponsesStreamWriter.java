package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Notes.Citation;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a streamed answer as the events of a response. The last event holds the whole answer again. */
final class ResponsesStreamWriter implements StreamEncoder {
    private enum Kind {
        TEXT,
        REFUSAL,
        REASONING,
        CALL
    }

    /** An item that is being written. */
    private static final class Item {
        private final Kind kind;
        private final int index;
        private final String id;
        private final String callId;
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private final List<Citation> citations = new ArrayList<>();
        private @Nullable String seal;

        private Item(Kind kind, int index, String id, String callId, String name) {
            this.kind = kind;
            this.index = index;
            this.id = id;
            this.callId = callId;
            this.name = name;
        }

        private Json json(boolean done) {
            String status = done ? "completed" : "in_progress";
            String told = text.toString();
            return switch (kind) {
                case TEXT ->
                    ResponsesAnswer.message(
                            id, done ? List.of(ResponsesAnswer.textPart(told, citations)) : List.of(), status);
                case REFUSAL ->
                    ResponsesAnswer.message(id, done ? List.of(ResponsesAnswer.refusalPart(told)) : List.of(), status);
                case REASONING -> ResponsesAnswer.reasoning(id, told, seal);
                case CALL -> ResponsesAnswer.call(id, callId, name, done && told.isEmpty() ? "{}" : told, status);
            };
        }

        private Json part() {
            String told = text.toString();
            return switch (kind) {
                case TEXT -> ResponsesAnswer.textPart(told, citations);
                case REFUSAL -> ResponsesAnswer.refusalPart(told);
                case REASONING, CALL ->
                    Json.object().put("type", "summary_text").put("text", told).build();
            };
        }
    }

    private final ClientView view;
    private final List<Item> items = new ArrayList<>();
    private final List<Item> calls = new ArrayList<>();
    private ChatEvent.Started started = new ChatEvent.Started("", "", 0);
    private StopReason reason = StopReason.END;
    private @Nullable Item open;
    private @Nullable Usage usage;
    private long sequence;

    ResponsesStreamWriter(ClientView view) {
        this.view = view;
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started begun -> {
                started = begun;
                response("response.created", null, out);
                response("response.in_progress", null, out);
            }
            case ChatEvent.TextDelta(String text) -> delta(open(Kind.TEXT, out), text, out);
            case ChatEvent.RefusalDelta(String text) -> delta(open(Kind.REFUSAL, out), text, out);
            case ChatEvent.ThinkingDelta(String text) -> delta(open(Kind.REASONING, out), text, out);
            case ChatEvent.ThinkingSignature(String seal) -> {
                open(Kind.REASONING, out).seal = seal;
                close(out);
            }
            case ChatEvent.ToolCallStarted call -> {
                close(out);
                Item item = item(Kind.CALL, "fc_", call.id(), call.name());
                calls.add(item);
                added(item, out);
            }
            case ChatEvent.ToolCallDelta(int index, String fragment) -> {
                if (index < calls.size()) delta(calls.get(index), fragment, out);
            }
            case ChatEvent.Noted(Notes notes) -> notes.citations().forEach(citation -> cite(citation, out));
            case ChatEvent.Finished finished -> reason = finished.reason();
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Ended _ -> end(out);
            case ChatEvent.Ping _ -> StreamEncoder.ping(out);
            case ChatEvent.RedactedThinking _, ChatEvent.MediaPart _, ChatEvent.Conversation _, ChatEvent.Failed _ -> {}
        }
    }

    private Item item(Kind kind, String prefix, String callId, String name) {
        Item item = new Item(kind, items.size(), ResponsesAnswer.id(prefix, view, items.size()), callId, name);
        items.add(item);
        return item;
    }

    private Item open(Kind kind, ByteArrayOutputStream out) {
        Item before = open;
        if (before != null && before.kind == kind) return before;
        close(out);
        Item item = item(kind, kind == Kind.REASONING ? "rs_" : "msg_", "", "");
        open = item;
        added(item, out);
        event(
                kind == Kind.REASONING ? "response.reasoning_summary_part.added" : "response.content_part.added",
                of(item).put("part", item.part()),
                out);
        return item;
    }

    private void added(Item item, ByteArrayOutputStream out) {
        event(
                "response.output_item.added",
                Json.object().put("output_index", item.index).put("item", item.json(false)),
                out);
    }

    /** The members that say which part of the answer an event is about. */
    private static Json.Builder of(Item item) {
        Json.Builder json = Json.object().put("item_id", item.id).put("output_index", item.index);
        return switch (item.kind) {
            case TEXT, REFUSAL -> json.put("content_index", 0);
            case REASONING -> json.put("summary_index", 0);
            case CALL -> json;
        };
    }

    private static String name(Item item) {
        return switch (item.kind) {
            case TEXT -> "response.output_text";
            case REFUSAL -> "response.refusal";
            case REASONING -> "response.reasoning_summary_text";
            case CALL -> "response.function_call_arguments";
        };
    }

    private void delta(Item item, String text, ByteArrayOutputStream out) {
        item.text.append(text);
        Json.Builder json = of(item).put("delta", text);
        if (item.kind == Kind.TEXT) json.put("logprobs", Json.array(List.of()));
        event(name(item) + ".delta", json, out);
    }

    /** A page that the text rests on which is being written. */
    private void cite(Citation citation, ByteArrayOutputStream out) {
        Item item = open;
        if (item == null || item.kind != Kind.TEXT) return;
        event(
                "response.output_text.annotation.added",
                of(item).put("annotation_index", item.citations.size()).put("annotation", Annotations.flat(citation)),
                out);
        item.citations.add(citation);
    }

    private void close(ByteArrayOutputStream out) {
        Item item = open;
        open = null;
        if (item != null) done(item, out);
    }

    private void done(Item item, ByteArrayOutputStream out) {
        String text = item.text.toString();
        Json.Builder json = of(item);
        switch (item.kind) {
            case TEXT -> json.put("text", text).put("logprobs", Json.array(List.of()));
            case REASONING -> json.put("text", text);
            case REFUSAL -> json.put("refusal", text);
            case CALL -> json.put("name", item.name).put("arguments", text.isEmpty() ? "{}" : text);
        }
        event(name(item) + ".done", json, out);
        if (item.kind != Kind.CALL)
            event(
                    item.kind == Kind.REASONING ? "response.reasoning_summary_part.done" : "response.content_part.done",
                    of(item).put("part", item.part()),
                    out);
        event(
                "response.output_item.done",
                Json.object().put("output_index", item.index).put("item", item.json(true)),
                out);
    }

    private void end(ByteArrayOutputStream out) {
        close(out);
        for (Item call : calls) done(call, out);
        boolean cut = switch (reason) {
            case MAX_TOKENS, CONTEXT_FULL, CONTENT_FILTER -> true;
            case END, STOP_SEQUENCE, TOOL_CALLS, PAUSED -> false;
        };
        response(cut ? "response.incomplete" : "response.completed", reason, out);
    }

    private void response(String name, @Nullable StopReason why, ByteArrayOutputStream out) {
        Json response = ResponsesAnswer.response(
                ChatAnswerWriter.id(started.id(), view, "resp_"),
                ChatAnswerWriter.created(started.createdSeconds(), view),
                ChatAnswerWriter.model(started.model(), view),
                why,
                items.stream().map(item -> item.json(true)).toList(),
                usage);
        event(name, Json.object().put("response", response), out);
    }

    private void event(String name, Json.Builder data, ByteArrayOutputStream out) {
        out.writeBytes(("event: " + name + "\ndata: ").getBytes(US_ASCII));
        out.writeBytes(Json.object()
                .put("type", name)
                .put("sequence_number", sequence++)
                .putAll(data.build())
                .build()
                .toBytes());
        out.writeBytes("\n\n".getBytes(US_ASCII));
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(ErrorForm.responseEvent(error));
    }
}
