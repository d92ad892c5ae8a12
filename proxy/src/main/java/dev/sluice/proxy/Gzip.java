package dev.sluice.proxy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.zip.GZIPInputStream;

/** Decodes request bodies, so far as they do not grow beyond what an honest client sends and there is room for. */
final class Gzip {
    private static final int MAX_RATIO = 100;
    private static final int ALWAYS_ALLOWED = 64 << 10;

    private Gzip() {}

    /** What came of decoding. */
    sealed interface Result permits Inflated, Refused, NoRoom, Malformed {}

    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Inflated(byte[] bytes) implements Result {}

    record Refused(String why) implements Result {}

    record NoRoom() implements Result {}

    record Malformed(String why) implements Result {}

    /**
     * @param setting that says how long it may be, for the message
     * @param room asked before more memory is used, with how much more
     */
    static Result inflate(byte[] coded, int maxBytes, String setting, IntPredicate room) {
        int ratioBytes = (int) Math.min(maxBytes, (long) coded.length * MAX_RATIO + ALWAYS_ALLOWED);
        int first = (int) Math.min(ratioBytes, Math.max(4096L, 4L * coded.length));
        if (!room.test(first)) return new NoRoom();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(coded), 16 << 10)) {
            byte[] plain = new byte[first];
            int length = 0;
            int read;
            while ((read = in.read(plain, length, plain.length - length)) >= 0) {
                length += read;
                if (length < plain.length) continue;
                if (plain.length == ratioBytes) {
                    if (in.read() < 0) break;
                    return new Refused(
                            ratioBytes == maxBytes
                                    ? "the request body is longer than " + maxBytes + " bytes when decoded (setting: "
                                            + setting + ")"
                                    : "the request body grows more than " + MAX_RATIO + "-fold when decoded");
                }
                int grown = (int) Math.min(ratioBytes, 2L * plain.length);
                if (!room.test(grown - plain.length)) return new NoRoom();
                plain = Arrays.copyOf(plain, grown);
            }
            return new Inflated(length == plain.length ? plain : Arrays.copyOf(plain, length));
        } catch (IOException e) {
            return new Malformed("the request body is not gzip, although content-encoding says so");
        }
    }
}
