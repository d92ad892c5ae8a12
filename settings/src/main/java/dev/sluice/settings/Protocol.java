package dev.sluice.settings;

/** The wire format that clients of a Model API speak. */
public enum Protocol {
    OPENAI,
    ANTHROPIC,
    GEMINI,
    DASHSCOPE,
    /** Converse of Bedrock, and what it invokes of Claude. */
    BEDROCK,
    /** Chat of Cohere. */
    COHERE,
    /** Tencent's own form of chat. */
    HUNYUAN,
    /** The form that Cohere, Jina and vLLM share. */
    RERANK,
    ANY
}
