package dev.sluice.protocol;

/**
 * One edit of a body: the bytes in {@code [from, to)} are replaced.
 *
 * @param from offset of the first byte to replace
 * @param to offset behind the last byte to replace; equal to {@code from} for an insertion
 * @param replacement what stands there afterwards
 */
public record Splice(int from, int to, byte[] replacement) {
    /** Applies edits that do not overlap, in ascending order, to a copy of the body; everything else survives byte for byte. */
    public static byte[] apply(byte[] body, java.util.List<Splice> ascending) {
        int length = body.length;
        for (Splice s : ascending) length += s.replacement.length - (s.to - s.from);
        byte[] out = new byte[length];
        int read = 0;
        int write = 0;
        for (Splice s : ascending) {
            int kept = s.from - read;
            System.arraycopy(body, read, out, write, kept);
            System.arraycopy(s.replacement, 0, out, write + kept, s.replacement.length);
            write += kept + s.replacement.length;
            read = s.to;
        }
        System.arraycopy(body, read, out, write, body.length - read);
        return out;
    }
}
