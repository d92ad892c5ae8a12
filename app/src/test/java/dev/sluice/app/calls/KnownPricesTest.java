package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls cost by the prices of the catalogue, and by those that are declared. */
class KnownPricesTest {
    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() throws Exception {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: openai, provider: openai, address: { url: "%1$s/v1" } }
                  - { name: baichuan, provider: baichuan, address: { url: "%1$s/v1" } }
                  - { name: moonshot, provider: moonshot, address: { url: "%1$s/v1" } }
                  - { name: groq, provider: groq, address: { url: "%1$s/v1" } }
                modelApis:
                  - { name: openai, basePath: /openai, distribution: { strategy: single, targets: [ { service: openai } ] } }
                  - { name: baichuan, basePath: /baichuan, distribution: { strategy: single, targets: [ { service: baichuan } ] } }
                  - { name: moonshot, basePath: /moonshot, distribution: { strategy: single, targets: [ { service: moonshot } ] } }
                  - { name: groq, basePath: /groq, distribution: { strategy: single, targets: [ { service: groq } ] } }
                prices:
                  - { provider: openai, model: "gpt-4.1*", inputPerMillion: 1000, outputPerMillion: 2000, currency: EUR }
                  - { provider: groq, model: "*" }
                  - { provider: openai, model: o3, inputPerMillion: 3, outputPerMillion: 5 }
                  - { provider: openai, model: o3, aboveInputTokens: 100, inputPerMillion: 7, outputPerMillion: 11 }
                consumers:
                  - { name: caller, modelApis: [openai, baichuan, moonshot, groq] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static UsageRecord called(String api, String model) {
        return called(api, model, "how much is the fish");
    }

    private static UsageRecord called(String api, String model, String words) {
        Reply reply = gateway.call(
                "/" + api + "/v1/chat/completions",
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.usage().inputTokens()).isPositive();
        assertThat(record.usage().outputTokens()).isPositive();
        return record;
    }

    private static long micros(UsageRecord record, String input, String output) {
        return new BigDecimal(input)
                .multiply(BigDecimal.valueOf(record.usage().inputTokens()))
                .add(new BigDecimal(output)
                        .multiply(BigDecimal.valueOf(record.usage().outputTokens())))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    @Test
    void aCallCostsWhatTheCatalogueSays() {
        UsageRecord record = called("openai", "gpt-5-mini");
        assertThat(record.costMicros()).isEqualTo(micros(record, "0.25", "2")).isPositive();
        assertThat(record.currency()).isEqualTo("USD");
        UsageRecord snapshot = called("openai", "gpt-5-mini-2025-08-07");
        assertThat(snapshot.costMicros()).isEqualTo(micros(snapshot, "0.25", "2"));
        UsageRecord larger = called("openai", "gpt-5");
        assertThat(larger.costMicros()).isEqualTo(micros(larger, "1.25", "10"));
    }

    @Test
    void aLongCallCostsWhatItsTierSays() {
        UsageRecord brief = called("openai", "o3");
        assertThat(brief.usage().inputTokens()).isLessThanOrEqualTo(100);
        assertThat(brief.costMicros()).isEqualTo(micros(brief, "3", "5"));
        UsageRecord lengthy = called("openai", "o3", "how much is the fish ".repeat(50));
        assertThat(lengthy.usage().inputTokens()).isGreaterThan(100);
        assertThat(lengthy.costMicros()).isEqualTo(micros(lengthy, "7", "11"));
    }

    @Test
    void yuanStayYuanAndAreNotAddedToDollars() {
        UsageRecord yuan = called("baichuan", "Baichuan4-Turbo");
        assertThat(yuan.costMicros()).isEqualTo(micros(yuan, "15", "15"));
        assertThat(yuan.currency()).isEqualTo("CNY");
        called("openai", "gpt-5");
        assertThat(gateway.usage("currency,model").getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        .filter(item -> item.getString("currency").equals("CNY")))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.getString("model")).isEqualTo("Baichuan4-Turbo");
                    assertThat(item.getLong("costMicros")).isEqualTo(yuan.costMicros());
                });
    }

    @Test
    void aDeclaredPriceHoldsBeforeTheCatalogue() {
        UsageRecord record = called("openai", "gpt-4.1-mini");
        assertThat(record.costMicros()).isEqualTo(micros(record, "1000", "2000"));
        assertThat(record.currency()).isEqualTo("EUR");
    }

    @Test
    void aDeclaredPriceOfNothingSwitchesTheCatalogueOff() {
        assertThat(called("groq", "llama-3.1-8b-instant").costMicros()).isZero();
    }

    @Test
    void noPriceIsMadeUp() {
        UsageRecord unknown = called("openai", "nobody-knows");
        assertThat(unknown.costMicros()).isZero();
        assertThat(unknown.currency()).isEmpty();
        UsageRecord elsewhere = called("moonshot", "moonshot-v1-8k");
        assertThat(elsewhere.costMicros())
                .as("yuan are asked at api.moonshot.cn alone")
                .isZero();
        assertThat(elsewhere.currency()).isEmpty();
    }
}
