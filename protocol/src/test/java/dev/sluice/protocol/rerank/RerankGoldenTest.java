package dev.sluice.protocol.rerank;

import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.voyage.Voyage;
import dev.sluice.protocol.whole.GoldenPairs;
import dev.sluice.protocol.whole.GoldenPairs.Entry;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class RerankGoldenTest {
    private static final List<Entry<RerankRequest, RerankAnswer>> FORMATS = List.of(
            new Entry<>("jina", OpenAi.rerank()),
            new Entry<>("cohere", Cohere.rerank()),
            new Entry<>("dashscope", DashScope.rerank()),
            new Entry<>("voyage", Voyage.rerank(), true, Set.of()));

    @TestFactory
    Stream<DynamicTest> translates() {
        return new GoldenPairs<>("golden-rerank", FORMATS).tests();
    }
}
