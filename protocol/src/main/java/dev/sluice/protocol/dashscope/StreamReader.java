package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.chat.GrowingText;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the events of a streamed answer, which repeat what came before or do not. */
final class StreamReader implements SseDecoder.Reader {
    private record Call(int index, GrowingText arguments) {}

    private final Mode ofArguments;
    private final GrowingText text;
    private final GrowingText thoughts;
    private final Map<Long, Call> calls = new TreeMap<>();

    StreamReader(Mode mode) {
        // Older models repeat the arguments of their calls whatever they are asked for.
        this.ofArguments = mode == Mode.PIECES ? Mode.UNCERTAIN : mode;
        this.text = new GrowingText(mode);
        this.thoughts = new GrowingText(mode);
    }

    @Override
    public void event(String name, Json data, Steps steps) {
        Json output = data.get("output");
        if (!data.get("code").text("").isEmpty() || !output.isObject()) {
            byte[] bytes = data.toBytes();
            steps.fail(ErrorReader.explain(bytes, 0, bytes.length));
            return;
        }
        steps.start(data.get("request_id").text(""), "", 0);
        List<Json> choices = output.get("choices").items();
        Json choice = choices.isEmpty() ? output : choices.getFirst();
        if (choices.isEmpty()) content(output.get("text"), steps);
        else message(choice.get("message"), steps);
        sound(output.get("audio"), steps);
        steps.usage(Members.usage(data.get("usage")));
        StopReason reason = Members.stopReason(choice.get("finish_reason").text(""), steps.calls() > 0);
        if (reason == null) return;
        steps.thinking(thoughts.rest());
        steps.text(text.rest());
        calls.values().forEach(call -> steps.arguments(call.index, call.arguments.rest()));
        steps.finish(reason, null);
    }

    /** Models that speak tell their sound piece by piece, and at the end where all of it can be fetched. */
    private static void sound(Json audio, Steps steps) {
        String data = audio.get("data").text("");
        if (!data.isEmpty()) steps.media(new Part.Audio(new Part.Media.Inline("audio/wav", data)));
    }

    private void message(Json message, Steps steps) {
        String thought = message.get("reasoning_content").text();
        if (thought != null) steps.thinking(thoughts.next(thought));
        content(message.get("content"), steps);
        List<Json> given = message.get("tool_calls").items();
        for (int i = 0; i < given.size(); i++) call(given.get(i), i, steps);
    }

    private void content(Json content, Steps steps) {
        if (content.isText()) steps.text(text.next(content.text("")));
        if (!content.isArray()) return;
        StringBuilder joined = new StringBuilder();
        for (Json part : content.items()) joined.append(part.get("text").text(""));
        steps.text(text.next(joined.toString()));
    }

    private void call(Json given, int position, Steps steps) {
        long index = given.get("index").integer(position);
        Json function = given.get("function");
        Call call = calls.get(index);
        if (call == null) {
            steps.thinking(thoughts.rest());
            steps.text(text.rest());
            String id = given.get("id").text("");
            String name = function.get("name").text("");
            call = new Call(steps.call(id.isEmpty() ? "call_" + index : id, name, null), new GrowingText(ofArguments));
            calls.put(index, call);
        }
        String arguments = function.get("arguments").text();
        if (arguments != null) steps.arguments(call.index, call.arguments.next(arguments));
    }
}
