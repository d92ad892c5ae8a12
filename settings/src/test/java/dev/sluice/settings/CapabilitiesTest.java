package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Capabilities.Support;
import dev.sluice.settings.catalogue.Auth;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.Extra;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CapabilitiesTest {
    private static final Catalogue CATALOGUE = Catalogue.load();

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource({
        "openai, openai, CHAT_COMPLETIONS, NATIVE",
        "openai, openai, MESSAGES, TRANSLATED",
        "openai, openai, COUNT_TOKENS, TRANSLATED",
        "openai, openai, OPENAI_COUNT_TOKENS, NATIVE",
        "azure-openai, openai, OPENAI_COUNT_TOKENS, ESTIMATED",
        "anthropic, native, OPENAI_COUNT_TOKENS, TRANSLATED",
        "jina, openai, OPENAI_COUNT_TOKENS, NONE",
        "openai, openai, REALTIME, NATIVE",
        "openai, openai, VECTOR_STORES, NATIVE",
        "azure-openai, openai, VECTOR_STORES, UNKNOWN",
        "dashscope, openai, UPLOADS, NONE",
        "openai, openai, RERANK, NONE",
        "openai, openai, DASHSCOPE_VIDEO, NONE",
        "deepseek, openai, RESPONSES, TRANSLATED",
        "deepseek, openai, EMBEDDINGS, NONE",
        "deepseek, openai, IMAGE_GENERATIONS, NONE",
        "deepseek, openai, FILES, NONE",
        "deepseek, openai, SPEECH, NONE",
        "openai-compatible, openai, FILES, UNKNOWN",
        "openai-compatible, openai, RERANK, NATIVE",
        "vllm, openai, SPEECH, UNKNOWN",
        "together, openai, VIDEOS, UNKNOWN",
        "fireworks, openai, IMAGE_GENERATIONS, UNKNOWN",
        "fireworks, openai, RERANK, UNKNOWN",
        "fireworks, openai, DASHSCOPE_RERANK, NONE",
        "anthropic, native, MESSAGES, NATIVE",
        "anthropic, native, COUNT_TOKENS, NATIVE",
        "vertex-ai, native, COUNT_TOKENS, TRANSLATED",
        "bedrock, native, COUNT_TOKENS, TRANSLATED",
        "vertex-ai, native, GEMINI_COUNT_TOKENS, NATIVE",
        "dashscope, native, COUNT_TOKENS, ESTIMATED",
        "anthropic, native, CHAT_COMPLETIONS, TRANSLATED",
        "anthropic, native, EMBEDDINGS, NONE",
        "anthropic, native, BATCHES, NONE",
        "dashscope, openai, BATCHES, NATIVE",
        "dashscope, openai, RERANK, NONE",
        "dashscope, native, RERANK, TRANSLATED",
        "dashscope, native, DASHSCOPE_VIDEO, NATIVE",
        "dashscope, native, IMAGE_GENERATIONS, TRANSLATED",
        "cohere, native, EMBED_CONTENT, TRANSLATED",
        "jina, openai, CHAT_COMPLETIONS, NONE",
        "dify, native, MESSAGES, TRANSLATED",
        "dify, native, TRANSCRIPTIONS, NONE",
    })
    void followFromTheRow(String provider, String protocol, Operation operation, Support expected) {
        Provider row = CATALOGUE.find(provider).orElseThrow();
        Offer offer = protocol.equals("openai") ? row.openai() : row.own();
        assertThat(Capabilities.of(Objects.requireNonNull(offer), operation)).isEqualTo(expected);
    }

    @Test
    void whoTakesJinasFormTakesCoheresPathAsWell() {
        Offer jina = Objects.requireNonNull(CATALOGUE.find("jina").orElseThrow().openai());
        assertThat(Capabilities.of(jina, Operation.RERANK, "/v2/rerank")).isEqualTo(Support.NATIVE);
        assertThat(Capabilities.of(jina, Operation.RERANK, "/v1/rerank")).isEqualTo(Support.NATIVE);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void whatNobodyOffersIsRefusedAndWhatIsNoOperationIsNot(Operation operation) {
        Support support = Capabilities.of(Offer.of("https://nothing.example"), operation);
        boolean own = operation == Operation.MODELS || operation == Operation.OPAQUE;
        assertThat(support.isPossible()).isEqualTo(own);
    }

    /** Each extra belongs to an operation, else a row that has it would promise nothing. */
    @Test
    void everyExtraIsTheExtraOfAnOperation() {
        Set<Extra> found = EnumSet.noneOf(Extra.class);
        for (Extra extra : Extra.values()) {
            Offer with =
                    new Offer(null, Auth.BEARER, null, null, Map.of(), "", List.of(), Map.of(), List.of(extra), false);
            if (Arrays.stream(Operation.values())
                    .anyMatch(o -> o != Operation.MODELS && Capabilities.of(with, o) == Support.NATIVE))
                found.add(extra);
        }
        assertThat(found).containsExactlyInAnyOrder(Extra.values());
    }

    /** A row that only lists what it surely has would refuse what its vendor may well have. */
    @Test
    void whatPeopleRunThemselvesStaysOpen() {
        assertThat(CATALOGUE.providers().stream()
                        .filter(p -> p.keysUrl() == null)
                        .filter(p -> Stream.of(p.openai(), p.own()).noneMatch(o -> o != null && o.open()))
                        .map(Provider::id)
                        .collect(Collectors.toSet()))
                .isEmpty();
    }
}
