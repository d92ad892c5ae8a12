package dev.sluice.protocol.image;

import dev.sluice.protocol.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be drawn.
 *
 * @param number how many pictures; null for the vendor's usual number
 * @param size null for the model's own choice
 * @param wantsBytes whether the answer holds the pictures themselves and not where they can be fetched
 * @param wishes what several vendors call by the same name: {@code seed}, {@code negative_prompt}, {@code prompt_extend},
 *     {@code watermark}
 */
public record ImageRequest(
        String prompt, @Nullable Long number, @Nullable Size size, boolean wantsBytes, Map<String, Json> wishes) {
    public ImageRequest {
        wishes = Map.copyOf(wishes);
    }

    /** In pixels. */
    public record Size(int width, int height) {
        private static final int MOST = 100_000;

        /** A text such as {@code 1024x768}; null if it is none. */
        public static @Nullable Size parse(String text, char between) {
            int middle = text.indexOf(between);
            if (middle <= 0) return null;
            try {
                int width = Integer.parseInt(text.substring(0, middle));
                int height = Integer.parseInt(text.substring(middle + 1));
                return width > 0 && height > 0 && width <= MOST && height <= MOST ? new Size(width, height) : null;
            } catch (NumberFormatException _) {
                return null;
            }
        }

        public String write(char between) {
            return "" + width + between + height;
        }
    }
}
