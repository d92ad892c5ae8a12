package dev.sluice.protocol.openai;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.sse.ServerSentEvent;
import org.jspecify.annotations.Nullable;

/** What a stream tap must know of the JSON objects of one operation; keeps the running facts of one stream. */
sealed interface ChunkReader permits ChoicesReader, ResponsesReader, PlainReader {
    /**
     * Reads the object at the cursor to its end. What it says counts only if the scanner finds the document valid.
     *
     * @param json the array that the scanner reads
     */
    EventKind read(byte[] json, JsonScanner scanner, ServerSentEvent event);

    @Nullable
    Usage usage();

    default Units units() {
        return Units.NONE;
    }

    boolean isFinished();

    /** Whether the last object of a stream has come. */
    default boolean isEnded() {
        return isFinished();
    }

    TextSample output();

    /** Where the chunk read last holds a usage member that is null, or -1. */
    default int emptyUsageFrom() {
        return -1;
    }

    default int emptyUsageTo() {
        return -1;
    }
}
