package dev.sluice.settings.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private final Catalogue catalogue = Catalogue.load();

    @Test
    void holdsEveryProviderThatSpeaksTheOpenAiFormat() {
        assertThat(catalogue.providers())
                .extracting(Provider::id)
                .contains(
                        "openai",
                        "openai-compatible",
                        "deepseek",
                        "moonshot",
                        "baichuan",
                        "yi",
                        "zhipu",
                        "hunyuan",
                        "stepfun",
                        "spark",
                        "doubao",
                        "minimax",
                        "mistral",
                        "groq",
                        "xai",
                        "openrouter",
                        "together",
                        "fireworks",
                        "perplexity",
                        "siliconflow",
                        "ollama",
                        "vllm",
                        "sglang",
                        "nvidia-nim",
                        "jina",
                        "dashscope",
                        "gemini",
                        "pai-eas",
                        "cohere");
    }

    @Test
    void onlyProvidersWithoutACommonAddressHaveNone() {
        assertThat(catalogue.providers().stream()
                        .filter(p -> offers(p).anyMatch(o -> o.url() == null))
                        .map(Provider::id))
                .containsExactlyInAnyOrder(
                        "openai-compatible",
                        "azure-openai",
                        "foundry",
                        "pai-eas",
                        "vllm",
                        "sglang",
                        "custom-agent",
                        "http");
    }

    @Test
    void addressesAreBaseUrls() {
        for (Provider p : catalogue.providers()) {
            assertThat(offers(p)).as(p.id()).isNotEmpty();
            offers(p).map(o -> o.url(null)).filter(Objects::nonNull).forEach(url -> {
                URI uri = URI.create(url);
                assertThat(uri.getHost()).as(p.id()).isNotEmpty();
                assertThat(uri.getScheme()).as(p.id()).isEqualTo(p.id().equals("ollama") ? "http" : "https");
                assertThat(url).as(p.id()).doesNotEndWith("/");
            });
        }
    }

    private static Stream<Offer> offers(Provider provider) {
        return Stream.of(provider.openai(), provider.own()).filter(Objects::nonNull);
    }

    private Offer openai(String id) {
        return catalogue.find(id).orElseThrow().openai();
    }

    @Test
    void keysAreSentAsEachProviderWantsThem() {
        assertThat(openai("openai").auth()).isEqualTo(Auth.BEARER);
        assertThat(openai("pai-eas").auth()).isEqualTo(Auth.RAW);
        assertThat(openai("azure-openai").auth()).isEqualTo(Auth.API_KEY);
        assertThat(openai("stepfun").url()).isEqualTo("https://api.stepfun.com/v1");
        assertThat(catalogue.find("anthropic").orElseThrow().own().auth()).isEqualTo(Auth.X_API_KEY);
        assertThat(catalogue.find("zhipu")).map(Provider::usageInStream).contains(Provider.UsageInStream.ALWAYS);
        assertThat(catalogue.find("nobody")).isEmpty();
    }

    @Test
    void anIdIsThereOnce() {
        Provider row = catalogue.providers().getFirst();
        assertThatThrownBy(() -> new Catalogue(List.of(row, row))).hasMessageContaining("\"openai\"");
    }
}
