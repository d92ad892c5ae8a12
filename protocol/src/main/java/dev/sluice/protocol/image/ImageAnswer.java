package dev.sluice.protocol.image;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.whole.WholeAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pictures that were made.
 *
 * @param usage in tokens, where the upstream tells them; null elsewhere
 */
public record ImageAnswer(List<Picture> pictures, @Nullable Usage usage) implements WholeAnswer<ImageRequest> {
    public ImageAnswer {
        pictures = List.copyOf(pictures);
    }

    /**
     * One picture.
     *
     * @param url where it can be fetched; null where its bytes are there
     * @param base64 its bytes; null where only its address is there
     * @param prompt the words that it was made of, where the vendor changed those of the client; null elsewhere
     */
    public record Picture(
            @Nullable String url,
            @Nullable String base64,
            @Nullable String prompt) {}

    @Override
    public @Nullable String flaw(ImageRequest request) {
        return pictures.isEmpty() ? "it has no picture" : null;
    }
}
