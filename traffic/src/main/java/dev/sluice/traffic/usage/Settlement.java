package dev.sluice.traffic.usage;

import static dev.sluice.traffic.usage.Outcome.CLIENT_LEFT;
import static dev.sluice.traffic.usage.Outcome.COMPLETED;
import static dev.sluice.traffic.usage.Outcome.REFUSED;
import static dev.sluice.traffic.usage.Outcome.UPSTREAM_FAILED;

import dev.sluice.protocol.Usage;
import java.util.List;
import java.util.function.Predicate;

/** What a call is charged, by the settlement table. */
public record Settlement(Usage usage, Provenance provenance) {
    public static final Settlement NOTHING = new Settlement(Usage.ZERO, Provenance.NONE);

    /** The settlement table: the first row that fits a call decides. */
    private static final List<Row> TABLE = List.of(
            row("refused by the gateway", d -> d.outcome() == REFUSED, Charge.NOTHING),
            row("no upstream was at work", d -> !d.sent(), Charge.NOTHING),
            row(
                    "counted in images, seconds or characters, no tokens reported",
                    d -> !d.units().isNone() && !isReported(d),
                    Charge.OTHER_UNITS),
            row("completed, usage reported", d -> d.outcome() == COMPLETED && isReported(d), Charge.REPORTED),
            row("completed, no usage", d -> d.outcome() == COMPLETED, Charge.INPUT_AND_DELIVERED),
            row(
                    "upstream failed, nothing delivered",
                    d -> d.outcome() == UPSTREAM_FAILED && d.delivered().isEmpty(),
                    Charge.NOTHING),
            row(
                    "upstream failed after content, usage reported",
                    d -> d.outcome() == UPSTREAM_FAILED && isReported(d),
                    Charge.REPORTED_AT_LEAST_DELIVERED),
            row(
                    "upstream failed after content, no usage",
                    d -> d.outcome() == UPSTREAM_FAILED,
                    Charge.INPUT_AND_DELIVERED),
            row(
                    "client left, usage reported so far",
                    d -> d.outcome() == CLIENT_LEFT && isReported(d),
                    Charge.REPORTED_AT_LEAST_DELIVERED),
            row(
                    "client left after content, no usage",
                    d -> d.outcome() == CLIENT_LEFT && !d.delivered().isEmpty(),
                    Charge.INPUT_AND_DELIVERED),
            row("client left before content, upstream at work", d -> d.outcome() == CLIENT_LEFT, Charge.INPUT));

    /** Applies the settlement table. Tokenizes only where the upstream's own report is missing or may be incomplete. */
    public static Settlement of(Delivery delivery, Tokenizer tokenizer) {
        for (Row row : TABLE) {
            if (row.fits.test(delivery)) return row.charge.of(delivery, tokenizer);
        }
        throw new IllegalStateException("no row of the settlement table fits the outcome " + delivery.outcome());
    }

    /** The settlement table for readers. */
    public static String markdown() {
        StringBuilder table = new StringBuilder("""
                | how the call ended | input tokens | output tokens | provenance |
                |---|---|---|---|
                """);
        for (Row row : TABLE) {
            table.append("| ")
                    .append(row.when)
                    .append(" | ")
                    .append(row.charge.words)
                    .append(" |\n");
        }
        return table.toString();
    }

    /** A report of no tokens at all is no report: some servers fill the field with zeros. */
    private static boolean isReported(Delivery d) {
        return d.reported() != null && d.reported().totalTokens() > 0;
    }

    private static Row row(String when, Predicate<Delivery> fits, Charge charge) {
        return new Row(when, fits, charge);
    }

    private record Row(String when, Predicate<Delivery> fits, Charge charge) {}

    /** The ways to charge a call. */
    private enum Charge {
        NOTHING("0 | 0 | none") {
            @Override
            Settlement of(Delivery d, Tokenizer tokenizer) {
                return Settlement.NOTHING;
            }
        },
        REPORTED("as reported | as reported | reported") {
            @Override
            Settlement of(Delivery d, Tokenizer tokenizer) {
                return new Settlement(reported(d), Provenance.REPORTED);
            }
        },
        OTHER_UNITS("0 | 0 | reported") {
            @Override
            Settlement of(Delivery d, Tokenizer tokenizer) {
                return new Settlement(Usage.ZERO, Provenance.REPORTED);
            }
        },
        INPUT("estimated | 0 | estimated") {
            @Override
            Settlement of(Delivery d, Tokenizer tokenizer) {
                return new Settlement(Usage.of(tokenizer.estimate(d.model(), d.input()), 0), Provenance.ESTIMATED);
            }
        },
        INPUT_AND_DELIVERED("estimated | estimated from the delivered text | estimated") {
            @Override
            Settlement of(Delivery d, Tokenizer tokenizer) {
                long input = tokenizer.estimate(d.model(), d.input());
                long output = tokenizer.estimate(d.model(), d.delivered());
                return new Settlement(Usage.of(input, output), Provenance.ESTIMATED);
            }
        },
        REPORTED_AT_LEAST_DELIVERED(
                "as reported, estimated if missing | as reported; the delivered text, estimated, if the report is less"
                        + " than half of that or of one token | reported, or estimated if any of it is") {
            @Override
            Settlement of(Delivery d, Tokenizer tokenizer) {
                Usage reported = reported(d);
                long delivered = tokenizer.estimate(d.model(), d.delivered());
                // A running total is close to what was delivered, give or take the difference between two tokenizers. A
                // report from the beginning of the stream knows nothing of what came after.
                boolean isBeginning = reported.outputTokens() <= 1 && delivered > 1;
                boolean coversOutput = !isBeginning && reported.outputTokens() >= delivered - delivered / 2;
                boolean coversInput = reported.inputTokens() > 0;
                if (coversOutput && coversInput) return new Settlement(reported, Provenance.REPORTED);
                return new Settlement(
                        new Usage(
                                coversInput ? reported.inputTokens() : tokenizer.estimate(d.model(), d.input()),
                                reported.cachedInputTokens(),
                                reported.cacheWrittenTokens(),
                                coversOutput ? reported.outputTokens() : delivered,
                                reported.reasoningTokens()),
                        Provenance.ESTIMATED);
            }
        };

        private final String words;

        Charge(String words) {
            this.words = words;
        }

        abstract Settlement of(Delivery d, Tokenizer tokenizer);

        private static Usage reported(Delivery d) {
            return d.reported() == null ? Usage.ZERO : d.reported();
        }
    }
}
