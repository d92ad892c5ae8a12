package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.GatewayFixture;
import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.voice.Header;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;

/** What every client is served with: one gateway, its declaration, and what must be true of a call whatever the client. */
final class Served implements AutoCloseable {
    static final String KEY = "sk-caller-0123456789abcdef";
    /** A key of one request per minute. */
    static final String SLOW_KEY = "sk-slow-caller-0123456789";

    /** A spent minute weighs on the next one, so the wait is at most what is left of two. */
    static final int LONGEST_WAIT_SECONDS = 120;

    static final String WRONG_KEY = "sk-nobody-0123456789abcdef";
    /** The model that the provider knows under another name, {@link #FAST_UPSTREAM}. */
    static final String FAST = "fast";

    static final String FAST_UPSTREAM = "gpt-4o-mini";
    /** Estimated tokens of "Echo: one", which is what a client that leaves has got. */
    static final long TOKENS_OF_THE_PART = 3;

    private static final String PROVIDER_KEY = "sk-provider-0123456789abcdef";
    private static final String DECLARED = """
            providerKeys:
              - { name: provider-key, provider: openai-compatible, secret: %1$s }
            services:
              - { name: simulated, provider: openai-compatible, address: { url: "${SIM}/v1" }, keys: [provider-key] }
              - { name: backup, provider: openai-compatible, address: { url: "${SIM}/v1" }, keys: [provider-key] }
            modelApis:
              - name: everything
                routes: [/v1/chat/completions, /v1/completions, /v1/responses, /v1/embeddings, /v1/models]
                distribution:
                  strategy: by-model-name
                  targets:
                    - { pattern: %4$s, service: simulated, model: %5$s }
                    - { pattern: gpt-4o, service: simulated }
                    - { pattern: "gpt-*", service: simulated }
                    - { pattern: "text-embedding-*", service: simulated }
                fallback: { steps: [ { service: backup } ] }
            consumers:
              - { name: caller, modelApis: [everything] }
            apiKeys:
              - { name: caller-key, consumer: caller, secret: %2$s }
              - { name: slow-key, consumer: caller, secret: %3$s, limits: { rpm: 1 } }
            """.formatted(PROVIDER_KEY, KEY, SLOW_KEY, FAST, FAST_UPSTREAM);

    private final GatewayFixture gateway = GatewayFixture.start(DECLARED);

    /** Base URL as a client is given it. */
    String baseUrl() {
        return gateway.url() + "/v1";
    }

    /** Forgets the calls and faults of the test before. */
    void freshen() {
        gateway.simulator().rules().clear();
        gateway.simulator().journal().clear();
    }

    void fault(String model, String directives) {
        gateway.simulator().rules().add(Rule.always(directives).forModel(model));
    }

    int upstreamCalls() {
        return gateway.simulator().journal().size();
    }

    /** The last call that the provider got: with the provider's key, and nothing of the caller's. */
    ReceivedCall upstreamCall() {
        ReceivedCall call = gateway.simulator().journal().last();
        assertThat(call.header("authorization")).contains("Bearer " + PROVIDER_KEY);
        assertThat(call.headers())
                .extracting(Header::value)
                .noneMatch(value -> value.contains(KEY) || value.contains(SLOW_KEY));
        assertThat(call.headers())
                .filteredOn(h -> h.name().equalsIgnoreCase("authorization"))
                .hasSize(1);
        assertThat(call.path() + "?" + call.query() + call.text()).doesNotContain(KEY);
        return call;
    }

    /** The client has left after "Echo: one": the provider was told, and the caller is charged for what it got, once. */
    void assertCancelledAndSettled(String model) {
        ReceivedCall cancelled = gateway.await(
                gateway.simulator().journal().await(call -> call.model().equals(model) && call.isCancelled()));
        assertThat(cancelled.tokensSent()).isEqualTo(2);
        UsageRecord record =
                gateway.records(1, r -> r.askedModel().equals(model)).getFirst();
        assertThat(record.outcome()).isEqualTo(Outcome.CLIENT_LEFT);
        assertThat(record.provenance()).isEqualTo(Provenance.ESTIMATED);
        assertThat(record.usage().outputTokens()).isEqualTo(TOKENS_OF_THE_PART);
        assertThat(record.usage().inputTokens()).isPositive();
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(gateway.usage("model"))
                .filteredOn(row -> row.getString("model").equals(model))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.getLong("calls")).isEqualTo(1);
                    assertThat(row.getLong("outputTokens")).isEqualTo(TOKENS_OF_THE_PART);
                });
    }

    /** The one record of a call that was answered in full: what the provider told is what was counted. */
    void assertReported(String model, long inputTokens, long outputTokens) {
        UsageRecord record =
                gateway.records(1, r -> r.askedModel().equals(model)).getFirst();
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage().inputTokens()).isEqualTo(inputTokens);
        assertThat(record.usage().outputTokens()).isEqualTo(outputTokens);
        assertThat(record.apiKey()).isEqualTo("caller-key");
    }

    @Override
    public void close() {
        gateway.close();
    }
}
