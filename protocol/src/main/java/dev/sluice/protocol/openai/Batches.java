package dev.sluice.protocol.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.job.ResultLine;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What batches tell of their usage: the batch itself once it has ended, where the vendor does so, and the lines of its output. A batch is known
 * by the file that it wrote in both.
 */
final class Batches {
    private enum Member {
        CUSTOM_ID,
        RESPONSE,
        BODY,
        MODEL,
        USAGE,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);

    private Batches() {}

    /** The batches in an answer, one or a list, that have ended and tell their usage. */
    static List<JobUsage> ended(byte[] body) {
        Json json = Json.parse(body);
        if (json == null) return List.of();
        List<JobUsage> told = new ArrayList<>(1);
        add(json, told);
        for (Json item : json.get("data").items()) add(item, told);
        return told;
    }

    private static void add(Json batch, List<JobUsage> told) {
        if (!batch.get("object").text("").equals("batch")) return;
        boolean ended = switch (batch.get("status").text("")) {
            case "completed", "expired", "cancelled", "failed" -> true;
            default -> false;
        };
        Usage usage = ended ? Failures.usage(batch) : null;
        String id = batch.get("output_file_id").text(batch.get("id").text(""));
        if (usage == null || usage.totalTokens() == 0 || id.isEmpty()) return;
        told.add(JobUsage.of(id, batch.get("model").text(""), usage));
    }

    /** A line of an output file. */
    static @Nullable ResultLine result(byte[] bytes, int from, int to) {
        JsonScanner scanner = new JsonScanner().reset(bytes, from, to);
        if (scanner.type() != JsonType.OBJECT) return null;
        boolean chosen = false;
        boolean answered = false;
        ResultLine told = new ResultLine("", null);
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                case CUSTOM_ID -> chosen = true;
                case RESPONSE -> {
                    answered = true;
                    told = response(scanner);
                }
                case BODY, MODEL, USAGE, OTHER -> {}
            }
        }
        return scanner.finish() && chosen && answered ? told : null;
    }

    private static ResultLine response(JsonScanner scanner) {
        String model = "";
        Usage usage = null;
        if (scanner.type() != JsonType.OBJECT) return new ResultLine(model, usage);
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(MEMBERS) != Member.BODY || scanner.type() != JsonType.OBJECT) continue;
            scanner.enter();
            while (scanner.nextMember()) {
                Member member = scanner.key(MEMBERS);
                if (member == Member.USAGE) usage = new UsageReader().read(scanner);
                String text = member == Member.MODEL ? scanner.takeString() : null;
                if (text != null) model = text;
            }
        }
        return new ResultLine(model, usage);
    }
}
