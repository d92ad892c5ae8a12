package dev.sluice.store.journal;

import org.jspecify.annotations.Nullable;

/**
 * The written form of texts that come again and again as the same object, as the names of a snapshot do. For one
 * thread.
 */
@SuppressWarnings("ReferenceEquality") // Only the very same text is known; another equal one is merely written again.
final class TextBytes {
    private static final int SLOTS = 4_096;
    private static final int LONGEST = 64;

    private final @Nullable String[] texts = new @Nullable String[SLOTS];
    private final byte[] @Nullable [] written = new byte[SLOTS][];

    void write(ByteSink out, String text) {
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        byte[] known = written[slot];
        if (texts[slot] == text && known != null) {
            out.writeBytes(known, known.length);
            return;
        }
        int start = out.size();
        out.writeText(text, RecordCodec.MAX_TEXT);
        if (text.length() > LONGEST) return;
        texts[slot] = text;
        written[slot] = out.copyFrom(start);
    }
}
