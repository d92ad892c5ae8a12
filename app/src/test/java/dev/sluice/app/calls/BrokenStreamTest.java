package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams that break off after their provider told usage, or why they ended: what is billed, how they are said to end, what the client gets. */
class BrokenStreamTest {
    /** An undisturbed call is billed so; the gateway's own estimate of the request is more than the four tokens that the provider counts. */
    private static final Usage WHOLE = Usage.of(4, 5);

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: openai, address: { url: "%1$s/v1" } }
                  - { name: anthropic, provider: anthropic, protocol: native, address: { url: "%1$s" } }
                  - { name: hunyuan, provider: hunyuan, protocol: native, address: { url: "%1$s" } }
                  - { name: gemini, provider: gemini, protocol: native, address: { url: "%1$s" } }
                modelApis:
                  - { name: openai, basePath: /openai, distribution: { strategy: single, targets: [ { service: openai } ] } }
                  - { name: anthropic, basePath: /anthropic, routes: [/v1/chat/completions, /v1/messages],
                      distribution: { strategy: single, targets: [ { service: anthropic } ] } }
                  - { name: hunyuan, basePath: /hunyuan, distribution: { strategy: single, targets: [ { service: hunyuan } ] } }
                  - { name: gemini, basePath: /gemini, distribution: { strategy: single, targets: [ { service: gemini } ] } }
                consumers:
                  - { name: caller, modelApis: [openai, anthropic, hunyuan, gemini] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
    }

    private static Reply call(String path, String fault, String more) {
        provider.rules().add(Rule.always(fault));
        return gateway.call(
                path, GatewayUnderTest.chat("m-1", true).replace("\"stream\":true", "\"stream\":true" + more));
    }

    @ParameterizedTest
    @CsvSource({"/hunyuan/v1/chat/completions", "/gemini/v1/chat/completions"})
    void aRunningTotalIsBilledThoughTheStreamBreaksOff(String path) {
        UsageRecord record =
                gateway.record(call(path, "cut=4;end=reset;usage=every", "").id());
        assertThat(record.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
        assertThat(record.failure()).isEqualTo("upstream-cut");
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage().inputTokens()).isEqualTo(WHOLE.inputTokens());
        assertThat(record.usage().outputTokens()).isBetween(1L, WHOLE.outputTokens() - 1);
    }

    @ParameterizedTest
    @CsvSource({"/anthropic/v1/messages", "/anthropic/v1/chat/completions"})
    void whatTheBeginningToldOfTheInputIsBilledAndTheOutputIsCountedFromWhatWentOut(String path) {
        UsageRecord record = gateway.record(
                call(path, "cut=6;end=reset", ",\"max_tokens\":100").id());
        assertThat(record.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
        assertThat(record.failure()).isEqualTo("upstream-cut");
        assertThat(record.usage().inputTokens()).isEqualTo(WHOLE.inputTokens());
        assertThat(record.usage().outputTokens()).isGreaterThan(1);
        assertThat(record.provenance()).isEqualTo(Provenance.ESTIMATED);
    }

    @Test
    void aCutBehindTheReasonToEndIsMendedForAClientThatMissesNothing() {
        Reply cut = call("/openai/v1/chat/completions", "cut=7;end=reset", "");
        assertThat(cut.text()).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
        UsageRecord record = gateway.record(cut.id());
        assertThat(record.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
        assertThat(record.failure()).isEqualTo("upstream-cut");
        assertThat(record.provenance()).isEqualTo(Provenance.ESTIMATED);
    }

    @Test
    void aClientThatAskedForUsageIsToldThatItIsMissing() {
        Reply cut =
                call("/openai/v1/chat/completions", "cut=7;end=reset", ",\"stream_options\":{\"include_usage\":true}");
        assertThat(cut.text()).doesNotContain("[DONE]").contains("\"upstream_failed\"");
        assertThat(gateway.record(cut.id()).failure()).isEqualTo("upstream-cut");
    }

    @Test
    void aCutBehindTheUsageIsNone() {
        Reply cut = call("/openai/v1/chat/completions", "cut=8;end=reset", "");
        assertThat(cut.text()).endsWith("data: [DONE]\n\n");
        UsageRecord record = gateway.record(cut.id());
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.usage()).isEqualTo(WHOLE);
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
    }

    @Test
    void anAnthropicClientGetsTheLastEventThatTheCutTook() {
        Reply undisturbed = call("/anthropic/v1/messages", "plain", ",\"max_tokens\":100");
        int events = GatewayUnderTest.events(undisturbed.text()).size();
        provider.rules().clear();
        Reply cut = call("/anthropic/v1/messages", "cut=" + (events - 1) + ";end=reset", ",\"max_tokens\":100");
        assertThat(GatewayUnderTest.events(ClientView.text(cut)))
                .hasSize(events)
                .last()
                .isEqualTo("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        assertThat(gateway.record(cut.id()).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(gateway.record(cut.id()).usage()).isEqualTo(WHOLE);
    }
}
