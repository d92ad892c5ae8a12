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
            case MODELS,
                    IMAGE_GENERATIONS,
                    IMAGE_EDITS,
                    IMAGE_VARIATIONS,
                    SPEECH,
                    TRANSCRIPTIONS,
                    TRANSLATIONS,
                    MODERATIONS,
                    FILES,
                    BATCHES,
                    VIDEOS,
                    REALTIME,
                    RERANK,
                    MESSAGES,
                    COUNT_TOKENS,
                    GENERATE_CONTENT,
                    STREAM_GENERATE_CONTENT,
                    GEMINI_COUNT_TOKENS,
                    EMBED_CONTENT,
                    BATCH_EMBED_CONTENTS,
                    DASHSCOPE_TEXT,
                    DASHSCOPE_MULTIMODAL,
                    DASHSCOPE_EMBEDDING,
                    DASHSCOPE_RERANK,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_VIDEO,
                    DASHSCOPE_TASK,
                    OPAQUE -> null;
        };
    }

    /** The format in which errors are told where no operation is known. */
    static WireFormat forErrors(@Nullable WireFormat wire) {
        return wire == null ? CHAT : wire;
    }
}
