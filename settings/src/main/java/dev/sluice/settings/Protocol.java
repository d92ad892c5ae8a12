package dev.sluice.settings;

/** The wire format that clients of a Model API speak. */
public enum Protocol {
    OPENAI,
    ANTHROPIC,
    GEMINI,
    DASHSCOPE,
    /** The form that Cohere, Jina and vLLM share. */
    RERANK,
    ANY
}
