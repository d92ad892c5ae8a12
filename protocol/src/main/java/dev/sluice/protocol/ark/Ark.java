package dev.sluice.protocol.ark;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Volcengine Ark answers at {@code /contents/generations/tasks}: {@code {"id":"cgt-…"}} to whoever begins a task, then
 * {@code {"id","model","status","content","usage":{"completion_tokens","total_tokens"}}}, one or as {@code items} of a list.
 *
 * @see <a href="https://www.volcengine.com/docs/82379/1521309">Volcengine</a>, and the types of volcengine-go-sdk
 */
public final class Ark {
    private Ark() {}

    /** The task that an answer says has begun; null if it says none. */
    public static @Nullable String begunTask(byte[] body) {
        Json json = Json.parse(body);
        return json == null ? null : json.get("id").text();
    }

    /** The tasks of an answer that have succeeded and tell what they consumed. */
    public static List<JobUsage> endedTasks(byte[] body) {
        Json json = Json.parse(body);
        if (json == null) return List.of();
        List<JobUsage> ended = new ArrayList<>();
        add(json, ended);
        for (Json task : json.get("items").items()) add(task, ended);
        return ended;
    }

    private static void add(Json task, List<JobUsage> ended) {
        String id = task.get("id").text("");
        long tokens = task.get("usage").get("completion_tokens").integer(0);
        if (id.isEmpty() || tokens <= 0 || !task.get("status").text("").equals("succeeded")) return;
        ended.add(new JobUsage(id, task.get("model").text(""), Usage.of(0, tokens), Units.NONE, true));
    }
}
