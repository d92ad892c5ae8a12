package dev.sluice.protocol.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.BackgroundJob;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.sse.ServerSentEvent;
import org.jspecify.annotations.Nullable;

/** What answers and events tell of responses that are made in the background ({@code background: true}). */
final class BackgroundResponses {
    private enum Member {
        ID,
        BACKGROUND,
        STATUS,
        MODEL,
        USAGE,
        RESPONSE,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);

    private String id = "";
    private String status = "";
    private String model = "";
    private boolean background;
    private @Nullable Usage usage;

    private BackgroundResponses() {}

    /** The response that a document is; null if it is none that is made in the background. */
    static @Nullable BackgroundJob inAnswer(byte[] json) {
        JsonScanner scanner = new JsonScanner().reset(json, 0, json.length);
        BackgroundResponses read = new BackgroundResponses();
        if (scanner.type() != JsonType.OBJECT) return null;
        read.response(scanner);
        return scanner.finish() ? read.told() : null;
    }

    /** As {@link #inAnswer}, of the response that an event tells of. */
    static @Nullable BackgroundJob inEvent(byte[] bytes, int from, int to) {
        ServerSentEvent event = new ServerSentEvent();
        event.read(bytes, from, to);
        if (!event.hasData() || event.isJoined()) return null;
        JsonScanner scanner = new JsonScanner().reset(bytes, event.dataFrom(), event.dataTo());
        if (scanner.type() != JsonType.OBJECT) return null;
        BackgroundResponses read = new BackgroundResponses();
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(MEMBERS) == Member.RESPONSE && scanner.type() == JsonType.OBJECT) read.response(scanner);
        }
        return scanner.finish() ? read.told() : null;
    }

    private void response(JsonScanner scanner) {
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                case ID -> id = text(scanner);
                case STATUS -> status = text(scanner);
                case MODEL -> model = text(scanner);
                case BACKGROUND -> background = scanner.type() == JsonType.TRUE;
                case USAGE -> {
                    if (scanner.type() == JsonType.OBJECT) usage = new UsageReader().read(scanner);
                }
                case RESPONSE, OTHER -> {}
            }
        }
    }

    private static String text(JsonScanner scanner) {
        String text = scanner.type() == JsonType.STRING ? scanner.takeString() : null;
        return text == null ? "" : text;
    }

    private @Nullable BackgroundJob told() {
        if (!background || id.isEmpty()) return null;
        boolean goesOn = status.equals("queued") || status.equals("in_progress");
        Usage used = usage;
        return new BackgroundJob(id, goesOn || used == null ? null : JobUsage.of(id, model, used));
    }
}
