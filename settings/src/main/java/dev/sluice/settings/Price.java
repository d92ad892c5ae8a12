package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Reporter;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Doc("What a model costs, per million tokens and in the other units that it may be billed in.")
public record Price(
        @Doc("Id of the provider in the catalogue, or * for all.")
        String provider,

        @Doc("Model as the provider names it, or a pattern with * and ?.")
        String model,

        @Doc("A tier: holds for calls with more input than this, all of whose tokens cost what it says.")
        @Default("0")
        @Range(min = 0, max = 1_000_000_000)
        long aboveInputTokens,

        @Default("0") BigDecimal inputPerMillion,
        @Doc("Left out: as inputPerMillion.") @Nullable BigDecimal cachedInputPerMillion,

        @Doc("What the provider writes to its cache. Left out: as inputPerMillion.") @Nullable
        BigDecimal cacheWrittenInputPerMillion,

        @Default("0") BigDecimal outputPerMillion,
        @Doc("Per picture that is made.") @Nullable BigDecimal perImage,

        @Doc("Per second of sound that is listened to or video that is made.") @Nullable
        BigDecimal perSecond,

        @Doc("Per million characters that are spoken.") @Nullable
        BigDecimal perMillionCharacters,

        @Doc("What batches pay of it, such as 0.5.") @Default("1")
        BigDecimal batchFactor,

        @Default("USD") String currency,

        @Doc("From when on it holds; left out = always.") @Nullable
        Instant validFrom)
        implements Resource, Checked {
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(1_000_000);

    @Override
    public String name() {
        return name(provider, model, Long.toString(aboveInputTokens), validFrom == null ? null : validFrom.toString());
    }

    /** The name of a price with these fields as they are written; null for what is left out. */
    static String name(String provider, String model, @Nullable String aboveInputTokens, @Nullable String validFrom) {
        String tier = aboveInputTokens == null || aboveInputTokens.equals("0") ? "" : "+" + aboveInputTokens;
        return provider + "/" + model + tier + (validFrom == null ? "" : "@" + validFrom);
    }

    @Override
    public void check(Reporter reporter) {
        Pattern.check("model", model, reporter);
        checkAmount("inputPerMillion", inputPerMillion, reporter);
        if (cachedInputPerMillion != null) checkAmount("cachedInputPerMillion", cachedInputPerMillion, reporter);
        if (cacheWrittenInputPerMillion != null)
            checkAmount("cacheWrittenInputPerMillion", cacheWrittenInputPerMillion, reporter);
        checkAmount("outputPerMillion", outputPerMillion, reporter);
        if (perImage != null) checkAmount("perImage", perImage, reporter);
        if (perSecond != null) checkAmount("perSecond", perSecond, reporter);
        if (perMillionCharacters != null) checkAmount("perMillionCharacters", perMillionCharacters, reporter);
        if (batchFactor.signum() < 0 || batchFactor.compareTo(BigDecimal.ONE) > 0)
            reporter.problem("batchFactor", batchFactor.toPlainString() + " (expected: 0 to 1)");
        if (!currency.matches("[A-Z]{3}"))
            reporter.problem("currency", Messages.quote(currency) + " (expected: three capital letters such as USD)");
    }

    private static void checkAmount(String path, BigDecimal amount, Reporter reporter) {
        if (amount.signum() < 0
                || amount.compareTo(HIGHEST) > 0
                || amount.stripTrailingZeros().scale() > 6)
            reporter.problem(
                    path,
                    amount.toPlainString() + " (expected: 0 to " + HIGHEST.toPlainString()
                            + " with at most 6 decimal places)");
    }
}
