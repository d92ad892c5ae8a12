package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.image.ImageAnswer;
import dev.sluice.protocol.image.ImageAnswer.Picture;
import dev.sluice.protocol.image.TaskState;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.List;

/** Answers of the models that draw: the state of a task, or at once what was drawn. */
final class ImageTasks {
    private ImageTasks() {}

    static TaskState state(byte[] body) {
        Json json = Json.parse(body);
        if (json == null) return new TaskState.Malformed("the answer is not valid JSON");
        Json output = json.get("output");
        String status = output.get("task_status").text("");
        return switch (status) {
            case "PENDING", "RUNNING", "SUSPENDED" -> {
                String id = output.get("task_id").text("");
                yield id.isEmpty() ? new TaskState.Malformed("the task has no id") : new TaskState.Open(id);
            }
            case "SUCCEEDED" -> new TaskState.Done();
            case "" ->
                output.get("choices").isArray()
                        ? new TaskState.Done()
                        : failure(ErrorReader.find(body, 0, body.length) != null, body);
            default -> new TaskState.Failed(told(output, status));
        };
    }

    private static TaskState failure(boolean told, byte[] body) {
        return told
                ? new TaskState.Failed(ErrorReader.explain(body, 0, body.length))
                : new TaskState.Malformed("the answer tells of no task");
    }

    /** What a task that came to nothing says, if anything. */
    private static UpstreamError told(Json output, String status) {
        byte[] bytes = output.toBytes();
        UpstreamError error = ErrorReader.find(bytes, 0, bytes.length);
        if (error != null && !error.message().isEmpty()) return error;
        byte[] plain = Json.object()
                .put("code", "Task" + status)
                .put("message", "the task ended as " + status)
                .build()
                .toBytes();
        return ErrorReader.explain(plain, 0, plain.length);
    }

    /** Several pictures of which some failed are what was made; of none the first failure is told. */
    static WholeRead<ImageAnswer> read(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new WholeRead.Malformed<>("the answer is not valid JSON");
        Json output = json.get("output");
        List<Picture> pictures = new ArrayList<>();
        for (Json result : output.get("results").items()) {
            String url = result.get("url").text();
            if (url != null)
                pictures.add(new Picture(url, null, result.get("actual_prompt").text()));
        }
        for (Json choice : output.get("choices").items()) {
            for (Json part : choice.get("message").get("content").items()) {
                String url = part.get("image").text();
                if (url != null) pictures.add(new Picture(url, null, null));
            }
        }
        if (!pictures.isEmpty()) return new WholeRead.Read<>(new ImageAnswer(pictures, null));
        List<Json> results = output.get("results").items();
        if (!results.isEmpty() && results.getFirst().get("code").isText())
            return new WholeRead.Failed<>(told(results.getFirst(), "FAILED"));
        return WholeRead.none(body, from, to, "the answer has no picture");
    }
}
