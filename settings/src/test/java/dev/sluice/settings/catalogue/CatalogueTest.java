package dev.sluice.settings.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
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
                        .filter(p -> p.openaiUrl() == null)
                        .map(Provider::id))
                .containsExactlyInAnyOrder("openai-compatible", "azure-openai", "pai-eas", "vllm", "sglang");
    }

    @Test
    void addressesAreBaseUrls() {
        for (Provider p : catalogue.providers()) {
            if (p.openaiUrl() == null) continue;
            URI uri = URI.create(p.openaiUrl());
            assertThat(uri.getHost()).as(p.id()).isNotEmpty();
            assertThat(uri.getScheme()).as(p.id()).isEqualTo(p.id().equals("ollama") ? "http" : "https");
            assertThat(p.openaiUrl()).as(p.id()).doesNotEndWith("/");
        }
    }

    @Test
    void keysAreSentAsEachProviderWantsThem() {
        assertThat(catalogue.find("openai")).map(Provider::auth).contains(Provider.Auth.BEARER);
        assertThat(catalogue.find("pai-eas")).map(Provider::auth).contains(Provider.Auth.RAW);
        assertThat(catalogue.find("azure-openai")).map(Provider::auth).contains(Provider.Auth.API_KEY);
        assertThat(catalogue.find("stepfun")).map(Provider::openaiUrl).contains("https://api.stepfun.com/v1");
        assertThat(catalogue.find("zhipu")).map(Provider::usageInStream).contains(Provider.UsageInStream.ALWAYS);
        assertThat(catalogue.find("nobody")).isEmpty();
    }

    @Test
    void anIdIsThereOnce() {
        Provider row = catalogue.providers().getFirst();
        assertThatThrownBy(() -> new Catalogue(List.of(row, row))).hasMessageContaining("\"openai\"");
    }
}
