package dev.sluice.proxy;

import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Seals;
import dev.sluice.protocol.image.ImageAnswer;
import dev.sluice.protocol.image.ImageRequest;
import dev.sluice.protocol.whole.WholeFormat.View;
import dev.sluice.protocol.whole.WholeTranslation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one attempt's answer comes from the upstream's format into the client's. */
sealed interface Translation {
    /**
     * Of a conversation.
     *
     * @param client the format that the client speaks
     * @param upstream the format that the upstream speaks
     * @param view what the answer must know of the request
     * @param toStream whether the client wants its answer event by event
     * @param user as the request named him; null if it did not
     * @param seals of the maker of the model; null where they are left as they are
     */
    record OfChat(
            ChatFormat client,
            ChatFormat upstream,
            ClientView view,
            boolean toStream,
            @Nullable String user,
            @Nullable Seals seals)
            implements Translation {
        ChatEvent told(ChatEvent event) {
            return seals == null ? event : seals.marked(event);
        }

        ChatAnswer told(ChatAnswer answer) {
            return seals == null ? answer : seals.marked(answer);
        }
    }

    /** Of pictures, which DashScope draws at once or in a task of their own. */
    record OfImages(WholeTranslation<ImageRequest, ImageAnswer> call, View view) implements Translation {}

    /**
     * Of a call that is answered with one document, whatever the upstream calls it.
     *
     * @param further what is asked after the first answer, where the upstream does not take the whole request in one call
     */
    record OfWhole(WholeTranslation<?, ?> call, View view, List<WholeCalls.Part> further) implements Translation {
        public OfWhole {
            further = List.copyOf(further);
        }
    }
}
