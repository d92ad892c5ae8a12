package dev.sluice.settings.catalogue;

/** What a provider may have beside its forms: operations that pass unread, so that none stands for another. */
public enum Extra {
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
    DASHSCOPE_VIDEO,
    DASHSCOPE_IMAGE_TO_VIDEO,
    DASHSCOPE_TRANSCRIPTION,
    DASHSCOPE_TASKS,
    ANTHROPIC_FILES,
    MESSAGE_BATCHES
}
