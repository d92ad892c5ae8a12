package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.sse.ServerSentEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers of {@link PlainFormat} and the events of their streams ({@code image_generation.completed},
 * {@code speech.audio.done}, {@code transcript.text.done} are the last ones). Usage stands in {@code usage}, of Cohere's rerank in
 * {@code meta.tokens}.
 */
final class PlainReader implements ChunkReader {
    private enum Member {
        TYPE,
        USAGE,
        META,
        ERROR,
        OBJECT,
        OTHER
    }

    private enum Meta {
        TOKENS,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);
    private static final Keys<Meta> METAS = Keys.of(Meta.class, Meta.OTHER);
    private static final byte[] COMPLETED = ".completed".getBytes(US_ASCII);
    private static final byte[] DONE = ".done".getBytes(US_ASCII);

    private final UsageReader usageReader = new UsageReader();
    private @Nullable Usage usage;
    private boolean finished;
    private boolean failed;
    private boolean last;
    /** The answer is a thing with a name, whose error is its state: a video that failed, a batch with errors. */
    private boolean isThing;

    @Override
    public EventKind read(byte[] json, JsonScanner scanner, ServerSentEvent event) {
        members(json, scanner);
        if (hasFailed() || scanner.isBroken()) return EventKind.ERROR;
        finished |= last;
        return EventKind.CONTENT;
    }

    /** Reads the object at the cursor. */
    void members(byte[] json, JsonScanner scanner) {
        last = false;
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                case TYPE -> {
                    if (scanner.type() == JsonType.STRING && scanner.skip())
                        last = ends(json, scanner, COMPLETED) || ends(json, scanner, DONE);
                }
                case USAGE -> take(usageReader.read(scanner));
                case META -> meta(scanner);
                case ERROR -> failed |= VendorFailure.isError(scanner);
                case OBJECT -> {
                    if (scanner.type() != JsonType.STRING) continue;
                    boolean error = VendorFailure.isErrorObject(json, scanner);
                    failed |= error;
                    isThing |= !error;
                }
                case OTHER -> {}
            }
        }
    }

    private void meta(JsonScanner scanner) {
        if (scanner.type() != JsonType.OBJECT) return;
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(METAS) == Meta.TOKENS) take(usageReader.read(scanner));
        }
    }

    private void take(@Nullable Usage told) {
        if (told != null) usage = told;
    }

    private static boolean ends(byte[] json, JsonScanner scanner, byte[] suffix) {
        int to = scanner.valueTo() - 1;
        int from = to - suffix.length;
        return from > scanner.valueFrom() && Arrays.equals(json, from, to, suffix, 0, suffix.length);
    }

    boolean hasFailed() {
        return failed && !isThing;
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public TextSample output() {
        return TextSample.EMPTY;
    }

    @Override
    public int emptyUsageFrom() {
        return -1;
    }

    @Override
    public int emptyUsageTo() {
        return -1;
    }
}
