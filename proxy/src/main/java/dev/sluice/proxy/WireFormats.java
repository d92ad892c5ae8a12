package dev.sluice.proxy;

import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.Operation;
import org.jspecify.annotations.Nullable;

/** The wire format of each operation. */
final class WireFormats {
    private static final WireFormat CHAT = OpenAi.chatCompletions();
    private static final WireFormat COMPLETIONS = OpenAi.completions();
    private static final WireFormat RESPONSES = OpenAi.responses();
    private static final WireFormat EMBEDDINGS = OpenAi.embeddings();

    private WireFormats() {}

    /** The format that bodies of an operation are read with; null where they are not read at all. */
    static @Nullable WireFormat of(Operation operation) {
        return switch (operation) {
            case CHAT_COMPLETIONS -> CHAT;
            case COMPLETIONS -> COMPLETIONS;
            case RESPONSES -> RESPONSES;
            case EMBEDDINGS -> EMBEDDINGS;
            case MODELS, OPAQUE -> null;
        };
    }

    /** The format in which errors are told where no operation is known. */
    static WireFormat forErrors(@Nullable WireFormat wire) {
        return wire == null ? CHAT : wire;
    }
}
