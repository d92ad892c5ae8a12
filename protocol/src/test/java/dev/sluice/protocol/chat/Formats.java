package dev.sluice.protocol.chat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.agents.Agents;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.bedrock.Bedrock;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.hunyuan.Hunyuan;
import dev.sluice.protocol.openai.OpenAi;
import java.util.List;
import java.util.function.UnaryOperator;

/** The formats that are translated into each other. A new one is a line here and its files in {@code golden/cases}. */
final class Formats {
    /**
     * One format.
     *
     * @param name of its files
     * @param dialect in which it writes to an upstream
     * @param model what the path names; null where the body does
     * @param stream from the text of a stream file to the bytes of a stream
     * @param text from the bytes of a stream to text that can be read and compared
     */
    record Entry(
            String name,
            ChatFormat format,
            Dialect dialect,
            String model,
            UnaryOperator<byte[]> stream,
            UnaryOperator<byte[]> text) {
        /** Whether no client speaks it: only requests become it, and only answers come of it. */
        boolean isOfUpstreams() {
            return format instanceof UpstreamFormat;
        }

        Asked asked(boolean stream) {
            return model.isEmpty() ? Asked.IN_BODY : new Asked(model, stream);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Entry> ALL = List.of(
            text("openai-chat", OpenAi.chatCompletions(), Dialect.PLAIN),
            text("openai-responses", OpenAi.responses(), Dialect.PLAIN),
            text("openai-completions", OpenAi.completions(), Dialect.PLAIN),
            text("anthropic", Anthropic.messages(), Dialect.PLAIN),
            text("dashscope", DashScope.generation(), Dialect.PLAIN),
            path("gemini", Gemini.generateContent(), "gemini-3-flash"),
            new Entry(
                    "bedrock",
                    Bedrock.converse(),
                    Dialect.PLAIN,
                    "anthropic.claude-sonnet-4-5-20250929-v1:0",
                    EventFrames::of,
                    EventFrames::lines),
            new Entry(
                    "bedrock-invoke",
                    Anthropic.onBedrock(),
                    Dialect.PLAIN,
                    "anthropic.claude-sonnet-4-5-20250929-v1:0",
                    EventFrames::invoked,
                    EventFrames::events),
            path("vertex-claude", Anthropic.onVertex(), "claude-sonnet-4-5@20250929"),
            text("cohere", Cohere.chat(), Dialect.PLAIN),
            text("hunyuan", Hunyuan.chat(), Dialect.PLAIN),
            text("dify", Agents.difyChat(), Dialect.PLAIN),
            text("dify-workflow", Agents.difyWorkflow(), Dialect.PLAIN),
            text("bailian", Agents.bailian(), Dialect.PLAIN),
            text("coze", Agents.coze(), Dialect.PLAIN));

    private Formats() {}

    /** A format whose streams are text, while the path names the model. */
    private static Entry path(String name, ChatFormat format, String model) {
        return new Entry(name, format, Dialect.PLAIN, model, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** A format whose streams are text and whose bodies name the model. */
    private static Entry text(String name, ChatFormat format, Dialect dialect) {
        return new Entry(name, format, dialect, "", UnaryOperator.identity(), UnaryOperator.identity());
    }
}
