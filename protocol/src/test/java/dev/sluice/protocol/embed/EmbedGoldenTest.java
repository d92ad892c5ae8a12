package dev.sluice.protocol.embed;

import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.voyage.Voyage;
import dev.sluice.protocol.whole.GoldenPairs;
import dev.sluice.protocol.whole.GoldenPairs.Entry;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class EmbedGoldenTest {
    private static final List<Entry<EmbedRequest, EmbedAnswer>> FORMATS = List.of(
            new Entry<>("openai", OpenAi.embeddings()),
            new Entry<>("jina", OpenAi.embeddings(), true, Set.of("task")),
            new Entry<>("gemini", Gemini.embedContents()),
            new Entry<>("vertex", Gemini.vertexEmbeddings(), true, Set.of()),
            new Entry<>("vertex-content", Gemini.vertexEmbedContent(), true, Set.of()),
            new Entry<>("dashscope", DashScope.embedding()),
            new Entry<>("cohere", Cohere.embed()),
            new Entry<>("voyage", Voyage.embeddings(), true, Set.of()));

    @TestFactory
    Stream<DynamicTest> translates() {
        return new GoldenPairs<>("golden-embed", FORMATS).tests();
    }
}
