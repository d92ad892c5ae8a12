package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Units;
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
        DATA,
        B64_JSON,
        URL,
        DURATION,
        SECONDS,
        OTHER
    }

    private enum Meta {
        TOKENS,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);
    private static final Keys<Meta> METAS = Keys.of(Meta.class, Meta.OTHER);
    private static final byte[] VIDEO = "video".getBytes(US_ASCII);
    private static final byte[] COMPLETED = ".completed".getBytes(US_ASCII);
    private static final byte[] DONE = ".done".getBytes(US_ASCII);

    private final UsageReader usageReader = new UsageReader();
    private @Nullable Usage usage;
    private boolean finished;
    private boolean failed;
    private boolean last;
    private long images;
    private boolean isPicture;
    /** What the provider bills, if it says so. */
    private long billedMillis;
    /** How long the sound is. */
    private long heardMillis;

    private long seconds;
    private boolean isVideo;
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
        isPicture = false;
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                case TYPE -> {
                    if (scanner.type() == JsonType.STRING && scanner.skip())
                        last = ends(json, scanner, COMPLETED) || ends(json, scanner, DONE);
                }
                case USAGE -> {
                    take(usageReader.read(scanner));
                    billedMillis = Math.max(billedMillis, usageReader.millis());
                }
                case META -> meta(scanner);
                case DATA -> pictures(scanner);
                case B64_JSON, URL -> isPicture |= scanner.type() == JsonType.STRING;
                case DURATION -> heardMillis = Seconds.millis(scanner);
                case SECONDS -> seconds = Seconds.millis(scanner);
                case ERROR -> failed |= VendorFailure.isError(scanner);
                case OBJECT -> {
                    if (scanner.type() != JsonType.STRING) continue;
                    boolean error = VendorFailure.isErrorObject(json, scanner);
                    failed |= error;
                    isThing |= !error;
                    // A string that breaks off has no place.
                    isVideo |= !scanner.isBroken() && is(json, scanner, VIDEO);
                }
                case OTHER -> {}
            }
        }
        // The last event of a picture's stream; partial ones before it have another type.
        if (isPicture && last) images++;
    }

    private void pictures(JsonScanner scanner) {
        if (scanner.type() != JsonType.ARRAY) return;
        scanner.enter();
        while (scanner.nextElement()) {
            if (scanner.type() != JsonType.OBJECT) continue;
            boolean picture = false;
            scanner.enter();
            while (scanner.nextMember()) {
                Member member = scanner.key(MEMBERS);
                picture |= (member == Member.B64_JSON || member == Member.URL) && scanner.type() == JsonType.STRING;
            }
            if (picture) images++;
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

    private static boolean is(byte[] json, JsonScanner scanner, byte[] word) {
        return Arrays.equals(json, scanner.valueFrom() + 1, scanner.valueTo() - 1, word, 0, word.length);
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
    public Units units() {
        return new Units(images, billedMillis > 0 ? billedMillis : heardMillis, 0, isVideo ? seconds : 0);
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public TextSample output() {
        return TextSample.EMPTY;
    }
}
