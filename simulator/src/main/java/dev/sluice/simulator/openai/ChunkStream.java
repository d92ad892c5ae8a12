package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.UsageReport;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chunks of one streamed answer. They differ only in their choices and usage, so all else is written once. */
final class ChunkStream {
    private final List<Frame> frames = new ArrayList<>();
    private final String head;
    private final UsageReport report;
    private final boolean usageAsked;
    private final Usage usage;
    private int outputTokens;

    /**
     * @param head the members that all chunks share
     * @param usageAsked whether the request wants to be told the usage
     * @param usage of the whole answer
     */
    ChunkStream(JsonObject head, Wishes wishes, boolean usageAsked, Usage usage) {
        String encoded = head.encode();
        this.head = "data: " + encoded.substring(0, encoded.length() - 1) + ",\"choices\":[";
        this.report = wishes.report();
        this.usageAsked = usageAsked;
        this.usage = usage;
    }

    /** Adds a chunk that shares nothing with the others, before any content. */
    void addFirst(String chunk) {
        frames.add(Frame.opening(Wire.event(chunk)));
    }

    /** Adds a chunk with one choice, given as JSON. */
    void add(Frame.Kind kind, String choice, int tokens) {
        outputTokens += tokens;
        Usage running = report == UsageReport.EVERY_EVENT ? Reply.runningUsage(usage, outputTokens) : null;
        Buffer bytes = Buffer.buffer(head + choice + "]" + told(running) + "}\n\n");
        frames.add(new Frame(kind, bytes, tokens, running));
    }

    private String told(@Nullable Usage running) {
        if (running != null) {
            return ",\"usage\":" + Wire.usage(running).encode();
        }
        return usageAsked && report == UsageReport.AS_ASKED ? ",\"usage\":null" : "";
    }

    /** The chunks with the last one that tells the usage when it is asked for, and the terminator. */
    List<Frame> complete() {
        if (usageAsked && report != UsageReport.NEVER) {
            frames.add(Frame.closing(head + "]" + told(usage) + "}\n\n").reporting(usage));
        }
        frames.add(Frame.terminator(Wire.DONE));
        return frames;
    }
}
