package dev.sluice.protocol;

/**
 * The beginning of a text and the length of the whole, enough to estimate its tokens in bounded memory.
 *
 * @param head the first bytes of the text, UTF-8; may end inside a character
 * @param totalBytes length of the whole text in bytes, {@code >= head.length}
 */
public record TextSample(byte[] head, long totalBytes) {
    public static final TextSample EMPTY = new TextSample(new byte[0], 0);
    /** Longest head that is kept. */
    public static final int MAX_HEAD = 4096;

    public boolean isEmpty() {
        return totalBytes == 0;
    }
}
