package dev.sluice.traffic.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Row by row. The tokenizer of these tests counts a token per byte. */
class SettlementTest {
    private static final Tokenizer BYTES = (_, text) -> text.totalBytes();
    private static final TextSample INPUT = text("twelve bytes");
    private static final TextSample OUTPUT = text("eight by");
    private static final Usage FULL = new Usage(100, 40, 10, 50, 20);

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void whatNoUpstreamBeganToAnswerCostsNothing(Outcome outcome) {
        assertThat(settled(outcome, null, false, TextSample.EMPTY)).isEqualTo(Settlement.NOTHING);
    }

    @Test
    void refusedCostsNothing() {
        assertThat(settled(Outcome.REFUSED, null, true, TextSample.EMPTY)).isEqualTo(Settlement.NOTHING);
    }

    @Test
    void completedWithUsageIsAsReported() {
        assertThat(settled(Outcome.COMPLETED, FULL, true, OUTPUT)).isEqualTo(new Settlement(FULL, Provenance.REPORTED));
        // Less than the text that was delivered looks like, but the upstream has the last word on a whole answer.
        assertThat(settled(Outcome.COMPLETED, Usage.of(3, 1), true, OUTPUT))
                .isEqualTo(new Settlement(Usage.of(3, 1), Provenance.REPORTED));
    }

    @Test
    void completedWithoutUsageIsEstimated() {
        assertThat(settled(Outcome.COMPLETED, null, true, OUTPUT))
                .isEqualTo(new Settlement(Usage.of(12, 8), Provenance.ESTIMATED));
        assertThat(settled(Outcome.COMPLETED, Usage.ZERO, true, OUTPUT))
                .isEqualTo(new Settlement(Usage.of(12, 8), Provenance.ESTIMATED));
        assertThat(settled(Outcome.COMPLETED, null, true, TextSample.EMPTY))
                .isEqualTo(new Settlement(Usage.of(12, 0), Provenance.ESTIMATED));
    }

    @Test
    void anUpstreamThatFailsBeforeAnyContentCostsNothing() {
        assertThat(settled(Outcome.UPSTREAM_FAILED, null, true, TextSample.EMPTY))
                .isEqualTo(Settlement.NOTHING);
        assertThat(settled(Outcome.UPSTREAM_FAILED, Usage.of(100, 1), true, TextSample.EMPTY))
                .isEqualTo(Settlement.NOTHING);
    }

    @Test
    void anUpstreamThatFailsAfterContentCostsWhatItReported() {
        assertThat(settled(Outcome.UPSTREAM_FAILED, FULL, true, OUTPUT))
                .isEqualTo(new Settlement(FULL, Provenance.REPORTED));
    }

    @Test
    void anUpstreamThatFailsAfterContentWithoutUsageCostsWhatWasDelivered() {
        assertThat(settled(Outcome.UPSTREAM_FAILED, null, true, OUTPUT))
                .isEqualTo(new Settlement(Usage.of(12, 8), Provenance.ESTIMATED));
    }

    @Test
    void aClientThatLeavesCostsTheRunningTotal() {
        assertThat(settled(Outcome.CLIENT_LEFT, FULL, true, OUTPUT))
                .isEqualTo(new Settlement(FULL, Provenance.REPORTED));
        // Another tokenizer than ours may count a few less.
        assertThat(settled(Outcome.CLIENT_LEFT, Usage.of(10, 6), true, OUTPUT))
                .isEqualTo(new Settlement(Usage.of(10, 6), Provenance.REPORTED));
        assertThat(settled(Outcome.CLIENT_LEFT, Usage.of(10, 4), true, OUTPUT))
                .isEqualTo(new Settlement(Usage.of(10, 4), Provenance.REPORTED));
    }

    @Test
    void aReportFromTheBeginningOfAStreamDoesNotCoverWhatCameAfter() {
        assertThat(settled(Outcome.CLIENT_LEFT, new Usage(100, 40, 10, 1, 0), true, OUTPUT))
                .isEqualTo(new Settlement(new Usage(100, 40, 10, 8, 0), Provenance.ESTIMATED));
        assertThat(settled(Outcome.UPSTREAM_FAILED, new Usage(100, 40, 10, 1, 0), true, OUTPUT))
                .isEqualTo(new Settlement(new Usage(100, 40, 10, 8, 0), Provenance.ESTIMATED));
    }

    @Test
    void aTokenThatWasToldBeforeThereWasAnyDoesNotCoverTheSecond() {
        assertThat(settled(Outcome.UPSTREAM_FAILED, Usage.of(100, 1), true, text("ab")))
                .isEqualTo(new Settlement(Usage.of(100, 2), Provenance.ESTIMATED));
        assertThat(settled(Outcome.UPSTREAM_FAILED, Usage.of(100, 1), true, text("a")))
                .isEqualTo(new Settlement(Usage.of(100, 1), Provenance.REPORTED));
    }

    @Test
    void aReportWithoutInputHasItEstimated() {
        assertThat(settled(Outcome.CLIENT_LEFT, Usage.of(0, 30), true, OUTPUT))
                .isEqualTo(new Settlement(Usage.of(12, 30), Provenance.ESTIMATED));
    }

    @Test
    void aClientThatLeavesAfterContentCostsWhatWasDelivered() {
        assertThat(settled(Outcome.CLIENT_LEFT, null, true, OUTPUT))
                .isEqualTo(new Settlement(Usage.of(12, 8), Provenance.ESTIMATED));
    }

    @Test
    void aClientThatLeavesBeforeContentCostsTheInput() {
        assertThat(settled(Outcome.CLIENT_LEFT, null, true, TextSample.EMPTY))
                .isEqualTo(new Settlement(Usage.of(12, 0), Provenance.ESTIMATED));
        assertThat(settled(Outcome.CLIENT_LEFT, Usage.of(100, 0), true, TextSample.EMPTY))
                .isEqualTo(new Settlement(Usage.of(100, 0), Provenance.REPORTED));
    }

    @Test
    void aWholeAnswerWithUsageIsNotTokenized() {
        Tokenizer never = (_, _) -> {
            throw new AssertionError("tokenized although the upstream reported");
        };
        Delivery delivery = new Delivery(Outcome.COMPLETED, FULL, Units.NONE, true, INPUT, OUTPUT, "gpt-4o");
        assertThat(Settlement.of(delivery, never).usage()).isEqualTo(FULL);
    }

    @Property(tries = 2_000)
    void noCallCostsLessOutputThanARunningTotalOrMoreThanAnybodyKnowsOf(@ForAll("deliveries") Delivery d) {
        Settlement settlement = Settlement.of(d, BYTES);
        Usage usage = settlement.usage();
        Usage reported = d.reported() == null ? Usage.ZERO : d.reported();
        boolean counts = !settlement.equals(Settlement.NOTHING);
        if (counts) assertThat(usage.outputTokens()).isGreaterThanOrEqualTo(reported.outputTokens());
        assertThat(usage.inputTokens())
                .isLessThanOrEqualTo(Math.max(reported.inputTokens(), d.input().totalBytes()));
        assertThat(usage.outputTokens())
                .isLessThanOrEqualTo(
                        Math.max(reported.outputTokens(), d.delivered().totalBytes()));
        assertThat(settlement.provenance() == Provenance.NONE).isEqualTo(usage.equals(Usage.ZERO) && !counts);
        if (settlement.provenance() == Provenance.REPORTED) assertThat(usage).isEqualTo(d.reported());
        if (!d.sent() || d.outcome() == Outcome.REFUSED) assertThat(counts).isFalse();
    }

    @Test
    void theTableReadsAsMarkdown() {
        assertThat(Settlement.markdown()).isEqualTo("""
                        | how the call ended | input tokens | output tokens | provenance |
                        |---|---|---|---|
                        | refused by the gateway | 0 | 0 | none |
                        | no upstream was at work | 0 | 0 | none |
                        | counted in images, seconds or characters, no tokens reported | 0 | 0 | reported |
                        | completed, usage reported | as reported | as reported | reported |
                        | completed, no usage | estimated | estimated from the delivered text | estimated |
                        | upstream failed, nothing delivered | 0 | 0 | none |
                        | upstream failed after content, usage reported | as reported, estimated if missing | as reported; the delivered text, estimated, if the report is less than half of that or of one token | reported, or estimated if any of it is |
                        | upstream failed after content, no usage | estimated | estimated from the delivered text | estimated |
                        | client left, usage reported so far | as reported, estimated if missing | as reported; the delivered text, estimated, if the report is less than half of that or of one token | reported, or estimated if any of it is |
                        | client left after content, no usage | estimated | estimated from the delivered text | estimated |
                        | client left before content, upstream at work | estimated | 0 | estimated |
                        """);
    }

    @Provide
    Arbitrary<Delivery> deliveries() {
        Arbitrary<Usage> reported = Combinators.combine(
                        Arbitraries.longs().between(0, 50), Arbitraries.longs().between(0, 50))
                .as(Usage::of)
                .injectNull(0.3);
        Arbitrary<TextSample> texts =
                Arbitraries.strings().alpha().ofMaxLength(40).map(SettlementTest::text);
        return Combinators.combine(
                        Arbitraries.of(Outcome.values()), reported, Arbitraries.of(true, true, false), texts, texts)
                .as((outcome, usage, sent, in, out) -> new Delivery(outcome, usage, Units.NONE, sent, in, out, "m"));
    }

    private static Settlement settled(Outcome outcome, Usage reported, boolean sent, TextSample delivered) {
        return Settlement.of(new Delivery(outcome, reported, Units.NONE, sent, INPUT, delivered, "gpt-4o"), BYTES);
    }

    @Test
    void whatIsCountedInImagesIsNotEstimatedInTokens() {
        Units units = new Units(2, 0, 0, 0);
        Delivery untold = new Delivery(Outcome.COMPLETED, null, units, true, INPUT, OUTPUT, "m");
        assertThat(Settlement.of(untold, BYTES)).isEqualTo(new Settlement(Usage.ZERO, Provenance.REPORTED));
        Delivery told = new Delivery(Outcome.COMPLETED, FULL, units, true, INPUT, OUTPUT, "m");
        assertThat(Settlement.of(told, BYTES)).isEqualTo(new Settlement(FULL, Provenance.REPORTED));
    }

    private static TextSample text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new TextSample(bytes, bytes.length);
    }
}
