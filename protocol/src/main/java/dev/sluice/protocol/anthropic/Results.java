package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.ResultLine;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import org.jspecify.annotations.Nullable;

/** The lines of the results of a batch of messages. */
final class Results {
    private enum Member {
        CUSTOM_ID,
        RESULT,
        MESSAGE,
        MODEL,
        USAGE,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);

    private Results() {}

    static @Nullable ResultLine read(byte[] bytes, int from, int to) {
        JsonScanner scanner = new JsonScanner().reset(bytes, from, to);
        if (scanner.type() != JsonType.OBJECT) return null;
        boolean chosen = false;
        boolean answered = false;
        ResultLine told = new ResultLine("", null);
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                case CUSTOM_ID -> chosen = true;
                case RESULT -> {
                    answered = true;
                    told = result(bytes, scanner);
                }
                case MESSAGE, MODEL, USAGE, OTHER -> {}
            }
        }
        return scanner.finish() && chosen && answered ? told : null;
    }

    private static ResultLine result(byte[] bytes, JsonScanner scanner) {
        String model = "";
        Usage usage = null;
        if (scanner.type() != JsonType.OBJECT) return new ResultLine(model, usage);
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(MEMBERS) != Member.MESSAGE || scanner.type() != JsonType.OBJECT) continue;
            scanner.enter();
            while (scanner.nextMember()) {
                Member member = scanner.key(MEMBERS);
                if (member == Member.USAGE && scanner.skip()) {
                    Json json = Json.parse(bytes, scanner.valueFrom(), scanner.valueTo());
                    usage = json == null ? null : Members.usage(json);
                }
                String text = member == Member.MODEL ? scanner.takeString() : null;
                if (text != null) model = text;
            }
        }
        return new ResultLine(model, usage);
    }
}
