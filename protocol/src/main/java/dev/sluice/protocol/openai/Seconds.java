package dev.sluice.protocol.openai;

import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import org.jspecify.annotations.Nullable;

/** Lengths of sound and video, which OpenAI tells in seconds, as a number or as a string. */
final class Seconds {
    /** No call makes or hears more than this; a larger number is a vendor's mistake and must not overflow a sum. */
    private static final double MOST_MILLIS = 1L << 40;

    private Seconds() {}

    /** Takes the value at the cursor; 0 if it tells no length. */
    static long millis(JsonScanner scanner) {
        if (scanner.type() == JsonType.NUMBER) return millis(scanner.takeDecimal(0));
        @Nullable String text = scanner.takeString();
        if (text == null || text.length() > 20) return 0;
        try {
            return millis(Double.parseDouble(text));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static long millis(double seconds) {
        return seconds > 0 ? Math.round(Math.min(seconds * 1000, MOST_MILLIS)) : 0;
    }
}
