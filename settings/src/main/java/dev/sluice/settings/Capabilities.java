package dev.sluice.settings;

import dev.sluice.settings.catalogue.Extra;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Task;
import dev.sluice.settings.catalogue.WireForm;
import org.jspecify.annotations.Nullable;

/** How operations of clients are had at a provider, by what its row of the catalogue says. */
public final class Capabilities {
    private Capabilities() {}

    /** How a provider comes by an operation. */
    public enum Support {
        /** It takes what the client sends. */
        NATIVE,
        /** It is asked in another form of the same task. */
        TRANSLATED,
        /** It is not asked: the gateway answers with an estimate. */
        ESTIMATED,
        /** Whether it has it is not known: it is asked. */
        UNKNOWN,
        /** It has nothing of the kind. */
        NONE;

        /** Whether a call has a chance. */
        public boolean isPossible() {
            return this != NONE;
        }
    }

    /** What an offer makes of an operation whose requests come at a path. */
    public static Support of(Offer offer, Operation operation, String path) {
        WireForm form = form(operation, path);
        if (form != null) return ofForm(offer, form);
        Extra extra = extra(operation);
        // The list of models is the gateway's own; what is forwarded as it is, is nobody's operation.
        if (extra == null) return operation == Operation.MODELS ? Support.NATIVE : Support.UNKNOWN;
        if (offer.extras().contains(extra)) return Support.NATIVE;
        return offer.open() && speaks(offer, operation.protocol()) ? Support.UNKNOWN : Support.NONE;
    }

    /** Whether what a protocol has beside its forms may be below the address of an offer. */
    private static boolean speaks(Offer offer, Protocol protocol) {
        return switch (protocol) {
            case ANTHROPIC -> offer.forms().contains(WireForm.ANTHROPIC_MESSAGES);
            case DASHSCOPE -> offer.forms().contains(WireForm.DASHSCOPE_GENERATION);
            default -> true;
        };
    }

    /** As {@link #of(Offer, Operation, String)} for an operation of which all requests have one form. */
    public static Support of(Offer offer, Operation operation) {
        return of(offer, operation, operation.path());
    }

    private static Support ofForm(Offer offer, WireForm form) {
        if (offer.forms().contains(form)
                || form == WireForm.COHERE_RERANK && offer.forms().contains(WireForm.JINA_RERANK))
            return Support.NATIVE;
        if (form.task() == Task.COUNT) return counts(offer);
        for (WireForm other : offer.forms()) {
            if (other.task() == form.task()) return Support.TRANSLATED;
        }
        return asks(offer, form) != null ? Support.UNKNOWN : Support.NONE;
    }

    /** Of conversations tokens are counted: some models' in another form, for all others there is an estimate. */
    private static Support counts(Offer offer) {
        Support support = Support.NONE;
        for (WireForm other : offer.forms()) {
            if (other.task() == Task.COUNT) return Support.TRANSLATED;
            if (other.task() == Task.CHAT) support = Support.ESTIMATED;
        }
        return support;
    }

    /** The form in which a provider is asked of which it is not known whether it takes a client's form; null for none. */
    public static @Nullable WireForm asks(Offer offer, WireForm form) {
        if (!offer.open()) return null;
        if (form == WireForm.OPENAI_IMAGES) return form;
        return form == WireForm.COHERE_RERANK || form == WireForm.JINA_RERANK ? WireForm.JINA_RERANK : null;
    }

    /** The form of a client's requests; null where they are not read. */
    public static @Nullable WireForm form(Operation operation, String path) {
        return switch (operation) {
            case CHAT_COMPLETIONS -> WireForm.OPENAI_CHAT;
            case COMPLETIONS -> WireForm.OPENAI_COMPLETIONS;
            case RESPONSES -> WireForm.OPENAI_RESPONSES;
            case EMBEDDINGS -> WireForm.OPENAI_EMBEDDINGS;
            case MESSAGES -> WireForm.ANTHROPIC_MESSAGES;
            case COUNT_TOKENS -> WireForm.ANTHROPIC_COUNT;
            case CONVERSE, CONVERSE_STREAM -> WireForm.BEDROCK_CONVERSE;
            case INVOKE, INVOKE_STREAM -> WireForm.BEDROCK_MESSAGES;
            case COHERE_CHAT -> WireForm.COHERE_CHAT;
            case COHERE_EMBED -> WireForm.COHERE_EMBED;
            case HUNYUAN_CHAT -> WireForm.HUNYUAN_CHAT;
            case GENERATE_CONTENT, STREAM_GENERATE_CONTENT -> WireForm.GEMINI_CONTENT;
            case GEMINI_COUNT_TOKENS -> WireForm.GEMINI_COUNT;
            case OPENAI_COUNT_TOKENS -> WireForm.OPENAI_COUNT;
            case DASHSCOPE_TEXT, DASHSCOPE_MULTIMODAL -> WireForm.DASHSCOPE_GENERATION;
            case RERANK -> path.endsWith("/v2/rerank") ? WireForm.COHERE_RERANK : WireForm.JINA_RERANK;
            case DASHSCOPE_RERANK -> WireForm.DASHSCOPE_RERANK;
            case IMAGE_GENERATIONS -> WireForm.OPENAI_IMAGES;
            case DASHSCOPE_IMAGE, DASHSCOPE_IMAGE_EDIT -> WireForm.DASHSCOPE_IMAGE;
            case EMBED_CONTENT, BATCH_EMBED_CONTENTS -> WireForm.GEMINI_EMBED;
            case DASHSCOPE_EMBEDDING, DASHSCOPE_MULTIMODAL_EMBEDDING -> WireForm.DASHSCOPE_EMBEDDING;
            case MODELS,
                    CONVERSATIONS,
                    IMAGE_EDITS,
                    IMAGE_VARIATIONS,
                    SPEECH,
                    TRANSCRIPTIONS,
                    TRANSLATIONS,
                    MODERATIONS,
                    FILES,
                    BATCHES,
                    VIDEOS,
                    UPLOADS,
                    CONTAINERS,
                    VECTOR_STORES,
                    FINE_TUNING_JOBS,
                    REALTIME,
                    ARK_TASKS,
                    MESSAGE_BATCHES,
                    ANTHROPIC_FILES,
                    DASHSCOPE_VIDEO,
                    DASHSCOPE_IMAGE_TO_VIDEO,
                    DASHSCOPE_TRANSCRIPTION,
                    DASHSCOPE_TASK,
                    OPAQUE -> null;
        };
    }

    private static @Nullable Extra extra(Operation operation) {
        return switch (operation) {
            case CONVERSATIONS -> Extra.CONVERSATIONS;
            case IMAGE_EDITS -> Extra.IMAGE_EDITS;
            case IMAGE_VARIATIONS -> Extra.IMAGE_VARIATIONS;
            case SPEECH -> Extra.SPEECH;
            case TRANSCRIPTIONS -> Extra.TRANSCRIPTIONS;
            case TRANSLATIONS -> Extra.TRANSLATIONS;
            case MODERATIONS -> Extra.MODERATIONS;
            case FILES -> Extra.FILES;
            case BATCHES -> Extra.BATCHES;
            case VIDEOS -> Extra.VIDEOS;
            case UPLOADS -> Extra.UPLOADS;
            case CONTAINERS -> Extra.CONTAINERS;
            case VECTOR_STORES -> Extra.VECTOR_STORES;
            case FINE_TUNING_JOBS -> Extra.FINE_TUNING_JOBS;
            case REALTIME -> Extra.REALTIME;
            case ARK_TASKS -> Extra.ARK_TASKS;
            case ANTHROPIC_FILES -> Extra.ANTHROPIC_FILES;
            case MESSAGE_BATCHES -> Extra.MESSAGE_BATCHES;
            case DASHSCOPE_VIDEO -> Extra.DASHSCOPE_VIDEO;
            case DASHSCOPE_IMAGE_TO_VIDEO -> Extra.DASHSCOPE_IMAGE_TO_VIDEO;
            case DASHSCOPE_TRANSCRIPTION -> Extra.DASHSCOPE_TRANSCRIPTION;
            case DASHSCOPE_TASK -> Extra.DASHSCOPE_TASKS;
            case CHAT_COMPLETIONS,
                    COMPLETIONS,
                    RESPONSES,
                    OPENAI_COUNT_TOKENS,
                    EMBEDDINGS,
                    MODELS,
                    IMAGE_GENERATIONS,
                    RERANK,
                    MESSAGES,
                    COUNT_TOKENS,
                    GENERATE_CONTENT,
                    STREAM_GENERATE_CONTENT,
                    GEMINI_COUNT_TOKENS,
                    EMBED_CONTENT,
                    BATCH_EMBED_CONTENTS,
                    CONVERSE,
                    CONVERSE_STREAM,
                    INVOKE,
                    INVOKE_STREAM,
                    COHERE_CHAT,
                    COHERE_EMBED,
                    HUNYUAN_CHAT,
                    DASHSCOPE_TEXT,
                    DASHSCOPE_MULTIMODAL,
                    DASHSCOPE_EMBEDDING,
                    DASHSCOPE_MULTIMODAL_EMBEDDING,
                    DASHSCOPE_RERANK,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_EDIT,
                    OPAQUE -> null;
        };
    }
}
