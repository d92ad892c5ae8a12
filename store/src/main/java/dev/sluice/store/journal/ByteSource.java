package dev.sluice.store.journal;

import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteSink} wrote. Reading past the end throws {@link MalformedException}. */
public final class ByteSource {
    private final byte[] bytes;
    private final int end;
    private int position;

    /** Bytes that do not have the form expected of them. */
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        public MalformedException(String message) {
            super(message);
        }
    }

    public ByteSource(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
    }

    public int position() {
        return position;
    }

    public int readByte() throws MalformedException {
        if (position >= end) throw new MalformedException("a record ends early");
        return bytes[position++] & 0xff;
    }

    public long readVarint() throws MalformedException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = readByte();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw new MalformedException("a number of more than 64 bits");
    }

    public int readInt() throws MalformedException {
        long value = readVarint();
        if (value != (int) value) throw new MalformedException("number " + value + " (expected: 32 bits)");
        return (int) value;
    }

    public String readText() throws MalformedException {
        int length = readLength();
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    /** Reads a text that is likely to repeat; then it comes out of the cache. */
    public String readText(TextCache cache) throws MalformedException {
        int length = readLength();
        String text = cache.text(bytes, position, length);
        position += length;
        return text;
    }

    private int readLength() throws MalformedException {
        int length = readInt();
        if (length < 0 || length > end - position) throw new MalformedException("a text of " + length + " bytes");
        return length;
    }
}
