package dev.sluice.settings.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
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
        assertThat(openai("azure-openai").auth()).isEqualTo(Auth.AZURE);
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

    private Stream<Tariff> tariffs() {
        return catalogue.providers().stream().flatMap(p -> catalogue.tariff(p.id()).stream());
    }

    @Test
    void everyPriceIsPlausible() {
        tariffs().forEach(tariff -> {
            assertThat(URI.create(tariff.source()).getScheme())
                    .as(tariff.provider())
                    .isEqualTo("https");
            assertThat(tariff.currency()).as(tariff.provider()).isIn("USD", "CNY");
            assertThat(tariff.batchFactor()).as(tariff.provider()).isBetween(new BigDecimal("0.1"), BigDecimal.ONE);
            assertThat(tariff.rows()).as(tariff.provider()).isNotEmpty();
            for (Tariff.Row row : tariff.rows()) {
                String what = tariff.provider() + " " + row.models();
                assertThat(row.from()).as(what).isBetween(LocalDate.of(2025, 1, 1), LocalDate.of(2027, 12, 31));
                assertThat(row.models()).as(what).isNotEmpty().doesNotContain("*");
                assertThat(row.input()).as(what).isBetween(BigDecimal.ZERO, new BigDecimal("500"));
                assertThat(row.output()).as(what).isBetween(BigDecimal.ZERO, new BigDecimal("1000"));
                if (row.output().signum() != 0)
                    assertThat(row.output()).as(what).isGreaterThanOrEqualTo(row.input());
                if (row.cachedInput() != null)
                    assertThat(row.cachedInput()).as(what).isLessThanOrEqualTo(row.input());
                if (row.cacheWrittenInput() != null)
                    assertThat(row.cacheWrittenInput())
                            .as(what)
                            .isBetween(
                                    row.input().divide(new BigDecimal(2)),
                                    row.input().multiply(new BigDecimal(2)));
                if (row.perSecond() != null)
                    assertThat(row.perSecond()).as(what).isPositive();
                Stream.of(row.input(), row.cachedInput(), row.cacheWrittenInput(), row.output(), row.perSecond())
                        .filter(Objects::nonNull)
                        .forEach(
                                amount -> assertThat(amount.stripTrailingZeros().scale())
                                        .as(what)
                                        .isLessThanOrEqualTo(6));
            }
        });
    }

    @Test
    void aModelHasOnePriceOnEachDay() {
        tariffs()
                .forEach(tariff -> assertThat(tariff.rows().stream()
                                .flatMap(row -> row.models().stream()
                                        .map(model -> model + " " + row.aboveInputTokens() + " " + row.from())))
                        .as(tariff.provider())
                        .doesNotHaveDuplicates());
    }

    @Test
    void vendorsInChinaAskYuanAtTheirAddressesThere() {
        for (String id : List.of("dashscope", "moonshot", "zhipu", "minimax")) {
            Tariff tariff = catalogue.tariff(id).orElseThrow();
            assertThat(tariff.currency()).as(id).isEqualTo("CNY");
            assertThat(tariff.holdsAt(URI.create(openai(id).url()).getHost()))
                    .as(id)
                    .isTrue();
            assertThat(tariff.holdsAt("elsewhere.example.com")).as(id).isFalse();
        }
        assertThat(catalogue.tariff("dashscope").orElseThrow().holdsAt("dashscope-intl.aliyuncs.com"))
                .isFalse();
    }

    @Test
    void pricesAreThoseOfAProviderAndThereOnce() throws IOException {
        String table = new String(
                Objects.requireNonNull(Catalogue.class.getResourceAsStream("prices.txt"))
                        .readAllBytes(),
                UTF_8);
        List<String> heads = table.lines()
                .filter(line -> !line.isEmpty() && !line.startsWith(" ") && !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf(" |")))
                .toList();
        assertThat(heads).doesNotHaveDuplicates().hasSizeGreaterThan(20);
        assertThat(tariffs().map(Tariff::provider)).containsExactlyInAnyOrderElementsOf(heads);
        assertThat(tariffs().mapToInt(tariff -> tariff.rows().size()).sum())
                .as("lines of prices")
                .isEqualTo((int) table.lines()
                        .filter(line -> line.startsWith(" ") && !line.strip().startsWith("#"))
                        .count());
        assertThat(catalogue.tariff("ollama")).isEmpty();
    }

    @Test
    void aTableIsReadForOneProvider() {
        String table = """
                a | USD | 2026-01-02 | 0.5 | x.example.com, y.example.com | https://a
                  # A comment.
                  m, n* | 1 | 0.5 | 1.25 | 2 | | 2027-03-04 | a note
                    above 200000 | 2 | | | 3

                ab | CNY | 2026-01-02 | | | https://ab
                  o | | | | | 0.0001
                """;
        Tariff a = TariffReader.read(table, "a");
        assertThat(a)
                .isEqualTo(new Tariff(
                        "a",
                        "USD",
                        new BigDecimal("0.5"),
                        List.of("x.example.com", "y.example.com"),
                        "https://a",
                        List.of(
                                new Tariff.Row(
                                        List.of("m", "n*"),
                                        0,
                                        BigDecimal.ONE,
                                        new BigDecimal("0.5"),
                                        new BigDecimal("1.25"),
                                        new BigDecimal("2"),
                                        null,
                                        LocalDate.of(2027, 3, 4),
                                        "a note"),
                                new Tariff.Row(
                                        List.of("m", "n*"),
                                        200_000,
                                        new BigDecimal("2"),
                                        null,
                                        null,
                                        new BigDecimal("3"),
                                        null,
                                        LocalDate.of(2027, 3, 4),
                                        ""))));
        Tariff ab = TariffReader.read(table, "ab");
        assertThat(ab.hosts()).isEmpty();
        assertThat(ab.batchFactor()).isEqualTo(BigDecimal.ONE);
        assertThat(ab.rows())
                .containsExactly(new Tariff.Row(
                        List.of("o"),
                        0,
                        BigDecimal.ZERO,
                        null,
                        null,
                        BigDecimal.ZERO,
                        new BigDecimal("0.0001"),
                        LocalDate.of(2026, 1, 2),
                        ""));
        assertThat(TariffReader.read(table, "b")).isNull();
        assertThat(TariffReader.read("", "a")).isNull();
    }

    @Test
    void aLineThatIsNoPriceIsNamed() {
        for (String line : List.of(
                "  m | 1,5",
                "  m | 1 | | | | | soon",
                "  m | 1 | 2 | 3 | 4 | 5 | 2026-01-01 | a | b",
                "  above 1000 | 1",
                "  above 1k | 1"))
            assertThatThrownBy(() -> TariffReader.read("a | USD | 2026-01-01 | | | https://x\n" + line, "a"))
                    .as(line)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("prices of a: " + line.strip());
        assertThatThrownBy(() -> TariffReader.read("a | USD\n  m | 1", "a"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
