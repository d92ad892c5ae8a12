package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.sse.ServerSentEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads along a stream of server-sent events; what the JSON in them means is the matter of a {@link ChunkReader}. */
final class EventTap implements StreamTap {
    private enum Name {
        ERROR("error"),
        PING("ping"),
        HEARTBEAT("heartbeat"),
        KEEPALIVE("keepalive"),
        KEEP_ALIVE("keep-alive"),
        OTHER("");

        private final String wireName;

        Name(String wireName) {
            this.wireName = wireName;
        }
    }

    private static final Keys<Name> NAMES = Keys.of(Name.class, Name.OTHER, name -> name.wireName);
    private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);

    private final ChunkReader reader;
    private final ServerSentEvent sse = new ServerSentEvent();
    private final JsonScanner scanner = new JsonScanner();
    private UpstreamError error = UpstreamError.NONE;
    private boolean ended;
    private int emptyUsageFrom = -1;
    private int emptyUsageTo = -1;

    EventTap(ChunkReader reader) {
        this.reader = reader;
    }

    @Override
    public EventKind event(byte[] bytes, int from, int to) {
        emptyUsageFrom = -1;
        emptyUsageTo = -1;
        sse.read(bytes, from, to);
        Name name = NAMES.find(sse.bytes(), sse.nameFrom(), sse.nameTo());
        if (!sse.hasData()) return withoutData(name, bytes, from, to);
        byte[] data = sse.data();
        int begin = sse.dataFrom();
        int end = sse.dataTo();
        while (begin < end && isSpace(data[begin])) begin++;
        while (begin < end && isSpace(data[end - 1])) end--;
        switch (name) {
            case ERROR:
                return failed(data, begin, end);
            case PING, HEARTBEAT, KEEPALIVE, KEEP_ALIVE:
                return EventKind.LIFECYCLE;
            case OTHER:
                break;
        }
        if (begin == end) return EventKind.LIFECYCLE;
        if (Arrays.equals(data, begin, end, DONE, 0, DONE.length)) {
            ended = true;
            return EventKind.END;
        }
        scanner.reset(data, begin, end);
        if (scanner.type() != JsonType.OBJECT) return notAnObject(data, begin, end);
        EventKind kind = reader.read(data, scanner, sse);
        if (!scanner.finish()) return malformed("is not valid JSON (" + scanner.failure() + ")");
        if (kind == EventKind.ERROR) return failed(data, begin, end);
        if (!sse.isJoined()) {
            emptyUsageFrom = reader.emptyUsageFrom();
            emptyUsageTo = reader.emptyUsageTo();
        }
        return kind;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n';
    }

    /** An event without data does not exist by the rules; a bare JSON error in place of a stream would be lost that way. */
    private EventKind withoutData(Name name, byte[] bytes, int from, int to) {
        if (name == Name.ERROR) return failed(bytes, from, from);
        int begin = from;
        while (begin < to && bytes[begin] <= ' ' && bytes[begin] >= 0) begin++;
        if (begin == to || bytes[begin] != '{' && bytes[begin] != '[') return EventKind.LIFECYCLE;
        UpstreamError told = ErrorReader.find(bytes, begin, to);
        if (told == null) return EventKind.LIFECYCLE;
        error = told;
        return EventKind.ERROR;
    }

    private EventKind failed(byte[] data, int from, int to) {
        error = from < to ? ErrorReader.explain(data, from, to) : ErrorReader.UNEXPLAINED;
        return EventKind.ERROR;
    }

    private EventKind notAnObject(byte[] data, int from, int to) {
        if (!scanner.finish()) return malformed("is not valid JSON (" + scanner.failure() + ")");
        UpstreamError told = ErrorReader.find(data, from, to);
        if (told == null) return malformed("is not a JSON object");
        error = told;
        return EventKind.ERROR;
    }

    private EventKind malformed(String what) {
        error = new UpstreamError("an event of the upstream's stream " + what, "malformed_event", null, null);
        return EventKind.ERROR;
    }

    @Override
    public @Nullable Usage usage() {
        return reader.usage();
    }

    @Override
    public Units units() {
        return reader.units();
    }

    @Override
    public boolean isFinished() {
        return ended || reader.isFinished();
    }

    @Override
    public boolean isEnded() {
        return ended || reader.isEnded();
    }

    @Override
    public UpstreamError error() {
        return error;
    }

    @Override
    public TextSample output() {
        return reader.output();
    }

    @Override
    public int emptyUsageFrom() {
        return emptyUsageFrom;
    }

    @Override
    public int emptyUsageTo() {
        return emptyUsageTo;
    }
}
