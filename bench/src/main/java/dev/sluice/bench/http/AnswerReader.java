package dev.sluice.bench.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one HTTP/1.1 answer as its bytes arrive, in pieces of any size, and counts the server-sent events in its body.
 * Used again for the next answer on the same connection after {@link #reset}.
 */
public final class AnswerReader {
    private static final int MAX_HEAD = 16 * 1024;
    private static final int KEPT_BODY = 300;
    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        HEAD,
        BODY,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK_EXTENSION,
        CHUNK,
        CHUNK_END,
        TRAILER,
        COMPLETE,
        BROKEN
    }

    private State state = State.HEAD;
    private byte[] head = new byte[1024];
    private int headLength;
    private int status;
    private boolean closing;
    private long expected;
    private long bodyBytes;
    private int sizeDigits;
    private int trailerLine;

    private long events;
    private boolean sawDone;
    private int line;
    private boolean eventHasLines;
    private boolean matchesDone;

    private final byte[] kept = new byte[KEPT_BODY];

    /** Forgets the last answer. */
    public void reset() {
        state = State.HEAD;
        headLength = 0;
        status = 0;
        closing = false;
        expected = 0;
        bodyBytes = 0;
        sizeDigits = 0;
        trailerLine = 0;
        events = 0;
        sawDone = false;
        line = 0;
        eventHasLines = false;
        matchesDone = true;
    }

    public AnswerReader() {
        reset();
    }

    /**
     * Takes the next bytes.
     *
     * @return offset behind the last byte that belongs to this answer; less than {@code to} only if it is complete or broken
     */
    public int read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            switch (state) {
                case HEAD -> at = readHead(bytes, at, to);
                case BODY, CHUNK -> at = readCounted(bytes, at, to);
                case UNTIL_CLOSE -> {
                    body(bytes, at, to);
                    at = to;
                }
                case CHUNK_SIZE, CHUNK_EXTENSION -> readChunkSize(bytes[at++]);
                case CHUNK_END -> {
                    if (bytes[at++] == '\n') startChunk();
                }
                case TRAILER -> readTrailer(bytes[at++]);
                case COMPLETE, BROKEN -> {
                    return at;
                }
            }
        }
        return at;
    }

    /** Tells that the other side closed the connection, which ends a body of unknown length. */
    public void close() {
        if (state == State.UNTIL_CLOSE) state = State.COMPLETE;
        else if (state != State.COMPLETE) state = State.BROKEN;
    }

    public boolean isComplete() {
        return state == State.COMPLETE;
    }

    /** Whether what came is no HTTP answer, or ended too early. */
    public boolean isBroken() {
        return state == State.BROKEN;
    }

    /** The status code; 0 before the head is there. */
    public int status() {
        return status;
    }

    /** Whether the server closes the connection after this answer. */
    public boolean isClosing() {
        return closing;
    }

    public long bodyBytes() {
        return bodyBytes;
    }

    /** Complete events so far, without the closing {@code [DONE]}. */
    public long events() {
        return events;
    }

    /** Whether the stream was ended by {@code data: [DONE]}. */
    public boolean sawDone() {
        return sawDone;
    }

    /** Status and beginning of the body, to tell what went wrong. */
    public String describe() {
        int length = (int) Math.min(bodyBytes, KEPT_BODY);
        return "status " + status + ", " + bodyBytes + " bytes of body, " + events + " events: "
                + new String(kept, 0, length, StandardCharsets.UTF_8);
    }

    private int readHead(byte[] bytes, int from, int to) {
        int before = headLength;
        int length = Math.min(to - from, MAX_HEAD - before);
        if (head.length < before + length) head = Arrays.copyOf(head, Math.max(before + length, head.length * 2));
        System.arraycopy(bytes, from, head, before, length);
        headLength = before + length;
        int end = HttpHead.end(head, 0, headLength);
        if (end < 0) {
            if (headLength == MAX_HEAD) state = State.BROKEN;
            return from + length;
        }
        status = HttpHead.status(head, 0, end);
        closing = HttpHead.isClosing(head, 0, end);
        long contentLength = HttpHead.contentLength(head, 0, end);
        if (status < 0) {
            state = State.BROKEN;
        } else if (HttpHead.isChunked(head, 0, end)) {
            startChunk();
        } else if (contentLength >= 0) {
            expected = contentLength;
            state = contentLength == 0 ? State.COMPLETE : State.BODY;
        } else {
            state = State.UNTIL_CLOSE;
        }
        return from + (end - before);
    }

    private int readCounted(byte[] bytes, int from, int to) {
        int length = (int) Math.min(expected, to - from);
        body(bytes, from, from + length);
        expected -= length;
        if (expected == 0) state = state == State.BODY ? State.COMPLETE : State.CHUNK_END;
        return from + length;
    }

    private void startChunk() {
        state = State.CHUNK_SIZE;
        expected = 0;
        sizeDigits = 0;
    }

    private void readChunkSize(byte b) {
        if (b == '\n') {
            if (sizeDigits == 0) state = State.BROKEN;
            else if (expected > 0) state = State.CHUNK;
            else state = State.TRAILER;
        } else if (state == State.CHUNK_SIZE) {
            int digit = Character.digit(b, 16);
            if (digit >= 0 && sizeDigits < 8) {
                expected = expected * 16 + digit;
                sizeDigits++;
            } else if (b == '\r' || b == ';' || b == ' ') {
                state = State.CHUNK_EXTENSION;
            } else {
                state = State.BROKEN;
            }
        }
    }

    private void readTrailer(byte b) {
        if (b == '\n') {
            if (trailerLine == 0) state = State.COMPLETE;
            trailerLine = 0;
        } else if (b != '\r') {
            trailerLine++;
        }
    }

    /** An event is one or more lines that are not empty, and the empty line behind them. */
    private void body(byte[] bytes, int from, int to) {
        if (bodyBytes < KEPT_BODY) {
            int length = (int) Math.min(KEPT_BODY - bodyBytes, to - from);
            System.arraycopy(bytes, from, kept, (int) bodyBytes, length);
        }
        bodyBytes += to - from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                endLine();
            } else if (b != '\r') {
                matchesDone = matchesDone && line < DONE.length && DONE[line] == b;
                line++;
            }
        }
    }

    private void endLine() {
        if (line > 0) {
            if (matchesDone && line == DONE.length) sawDone = true;
            else eventHasLines = true;
        } else if (eventHasLines) {
            events++;
            eventHasLines = false;
        }
        line = 0;
        matchesDone = true;
    }
}
