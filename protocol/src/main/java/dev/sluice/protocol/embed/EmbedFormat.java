package dev.sluice.protocol.embed;

import dev.sluice.protocol.whole.WholeFormat;
import java.util.List;

/**
 * A wire format of embeddings. What changes the vectors and cannot be said is refused; the {@link Purpose} is said where the format
 * has a word for it and is left out elsewhere, because a model that cannot be told has one kind of vectors for all purposes.
 */
public interface EmbedFormat extends WholeFormat<EmbedRequest, EmbedAnswer> {
    @Override
    default List<EmbedRequest> split(EmbedRequest request, int most) {
        return request.split(most);
    }

    @Override
    default EmbedAnswer join(List<EmbedAnswer> answers) {
        return EmbedAnswer.joined(answers);
    }
}
