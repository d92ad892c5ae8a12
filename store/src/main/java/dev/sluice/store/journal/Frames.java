package dev.sluice.store.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.store.journal.ByteSource.MalformedException;
import dev.sluice.traffic.usage.UsageRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form of a segment: a head that names it, then frames. A frame is a mark, the length of its payload in two bytes, a
 * CRC-32C over length and payload in four, and the payload, one record. After damaged bytes reading goes on at the next
 * mark whose checksum fits.
 */
final class Frames {
    static final byte[] HEAD = "SLJRNL1\n".getBytes(US_ASCII);

    private static final byte MARK = (byte) 0xa5;
    private static final int FRAME_HEAD = 7;
    private static final int MAX_PAYLOAD = 0xffff;
    static final int MAX_FRAME = FRAME_HEAD + MAX_PAYLOAD;

    private static final int BAD = -1;
    private static final int INCOMPLETE = -2;

    private Frames() {}

    /**
     * What was found in a stretch of bytes.
     *
     * @param next where the next stretch begins, counted from the beginning of this one
     * @param damaged bytes that were passed over
     * @param tornTail whether the damage reaches to the very end
     */
    record Found(List<UsageRecord> records, int next, int damaged, boolean tornTail) {}

    /** Appends a record as a frame. Leaves the sink as it was when the record cannot be written. */
    static void write(UsageRecord record, ByteSink out, CRC32C crc) {
        int start = out.size();
        boolean whole = false;
        try {
            out.skip(FRAME_HEAD);
            RecordCodec.write(record, out, (o, text) -> o.writeText(text, RecordCodec.MAX_TEXT));
            int length = out.size() - start - FRAME_HEAD;
            if (length > MAX_PAYLOAD) throw new IllegalArgumentException("a record of " + length + " bytes");
            byte[] bytes = out.array();
            bytes[start] = MARK;
            bytes[start + 1] = (byte) (length >>> 8);
            bytes[start + 2] = (byte) length;
            int sum = checksum(bytes, start, length, crc);
            for (int i = 0; i < 4; i++) bytes[start + 3 + i] = (byte) (sum >>> (24 - 8 * i));
            whole = true;
        } finally {
            if (!whole) out.truncate(start);
        }
    }

    /**
     * Reads the frames of a stretch.
     *
     * @param atStart whether the stretch begins with the segment's head
     * @param last whether the segment ends with the stretch
     */
    static Found read(byte[] bytes, int size, boolean atStart, boolean last, TextCache cache) {
        List<UsageRecord> records = new ArrayList<>();
        CRC32C crc = new CRC32C();
        RecordCodec.TextReader texts = in -> in.readText(cache);
        int damaged = 0;
        int at = atStart && startsWithHead(bytes, size) ? HEAD.length : 0;
        while (at < size) {
            int length = payloadLength(bytes, at, size, crc);
            if (length == INCOMPLETE && !last) break;
            UsageRecord record = length < 0 ? null : decode(bytes, at + FRAME_HEAD, length, texts);
            if (length >= 0) {
                if (record != null) records.add(record);
                else damaged += FRAME_HEAD + length;
                at += FRAME_HEAD + length;
                continue;
            }
            int next = nextFrame(bytes, at + 1, size, last, crc);
            damaged += next - at;
            if (next >= size) return new Found(records, size, damaged, last);
            at = next;
        }
        return new Found(records, at, damaged, false);
    }

    private static boolean startsWithHead(byte[] bytes, int size) {
        if (size < HEAD.length) return false;
        for (int i = 0; i < HEAD.length; i++) {
            if (bytes[i] != HEAD[i]) return false;
        }
        return true;
    }

    private static @Nullable UsageRecord decode(byte[] bytes, int from, int length, RecordCodec.TextReader texts) {
        try {
            return RecordCodec.read(new ByteSource(bytes, from, from + length), texts);
        } catch (MalformedException _) {
            // The checksum fits but not the form: written by another version.
            return null;
        }
    }

    private static int nextFrame(byte[] bytes, int from, int size, boolean last, CRC32C crc) {
        for (int at = from; at < size; at++) {
            int length = payloadLength(bytes, at, size, crc);
            if (length >= 0 || length == INCOMPLETE && !last) return at;
        }
        return size;
    }

    /** The length of the payload of the frame at this place, {@link #BAD} or {@link #INCOMPLETE}. */
    private static int payloadLength(byte[] bytes, int at, int size, CRC32C crc) {
        if (bytes[at] != MARK) return BAD;
        if (at + FRAME_HEAD > size) return INCOMPLETE;
        int length = (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
        if (length == 0) return BAD;
        if (at + FRAME_HEAD + length > size) return INCOMPLETE;
        int sum = 0;
        for (int i = 0; i < 4; i++) sum = sum << 8 | bytes[at + 3 + i] & 0xff;
        return sum == checksum(bytes, at, length, crc) ? length : BAD;
    }

    private static int checksum(byte[] bytes, int frame, int length, CRC32C crc) {
        crc.reset();
        crc.update(bytes, frame + 1, 2);
        crc.update(bytes, frame + FRAME_HEAD, length);
        return (int) crc.getValue();
    }
}
