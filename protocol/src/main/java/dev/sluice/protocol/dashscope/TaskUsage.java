package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tasks tell of themselves: pictures as {@code usage.image_count} or one by one, the length of a film as {@code video_duration} or
 * {@code duration}, that of sound as {@code duration} where nothing is filmed. No task tells its model.
 */
final class TaskUsage {
    private static final double MOST_MILLIS = 1L << 40;

    private TaskUsage() {}

    /** The task that an answer says has begun; null if it says none. */
    static @Nullable String begun(byte[] body) {
        Json json = Json.parse(body);
        return json == null ? null : json.get("output").get("task_id").text();
    }

    /** The task of an answer, if it has succeeded and tells what it consumed. */
    static List<JobUsage> ended(byte[] body) {
        Json json = Json.parse(body);
        if (json == null) return List.of();
        Json output = json.get("output");
        String id = output.get("task_id").text("");
        if (id.isEmpty() || !output.get("task_status").text("").equals("SUCCEEDED")) return List.of();
        Units units = units(output, json.get("usage"));
        return units.isNone() ? List.of() : List.of(new JobUsage(id, "", Usage.ZERO, units, true));
    }

    private static Units units(Json output, Json usage) {
        boolean filmed = output.get("video_url").isText()
                || output.get("results").get("video_url").isText();
        long video = millis(usage, "video_duration", "output_video_duration");
        if (video == 0 && filmed) video = millis(usage, "duration", "duration");
        if (video > 0)
            return new Units(
                    0, 0, 0, video * Math.max(1, usage.get("video_count").integer(1)));
        long images = usage.get("image_count").integer(0);
        if (images == 0) {
            for (Json result : output.get("results").items()) {
                if (result.get("url").isText()) images++;
            }
        }
        if (images > 0) return new Units(images, 0, 0, 0);
        return new Units(0, millis(usage, "duration", "audio_duration"), 0, 0);
    }

    private static long millis(Json usage, String name, String otherName) {
        Json told = usage.get(name).isNumber() ? usage.get(name) : usage.get(otherName);
        double seconds = told.isNumber() ? told.decimal(0) : 0;
        return seconds > 0 ? Math.round(Math.min(seconds * 1000, MOST_MILLIS)) : 0;
    }
}
