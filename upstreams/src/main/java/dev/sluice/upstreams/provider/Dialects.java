package dev.sluice.upstreams.provider;

import dev.sluice.protocol.chat.Dialect;
import dev.sluice.settings.catalogue.DialectRule;
import dev.sluice.settings.catalogue.DialectRule.MaxTokensField;
import dev.sluice.settings.catalogue.DialectRule.ReasoningField;
import dev.sluice.settings.catalogue.DialectRule.ThoughtsBack;
import dev.sluice.settings.catalogue.OutputLimit;
import dev.sluice.settings.catalogue.Provider;
import java.util.HashSet;
import java.util.Set;

/** Puts together what the catalogue says of a provider's dialect with one model. */
final class Dialects {
    private ReasoningField reasoning = ReasoningField.EFFORT;
    private MaxTokensField maxTokens = MaxTokensField.MAX_TOKENS;
    private ThoughtsBack thoughtsBack = ThoughtsBack.LEFT_OUT;
    private final Set<String> extensions = new HashSet<>();

    private Dialects() {}

    static Dialect of(Provider provider, String model) {
        Dialects told = new Dialects();
        for (DialectRule rule : provider.dialect()) {
            if (ParameterRules.covers(rule.models(), model)) told.add(rule);
        }
        return told.with(provider, model);
    }

    private void add(DialectRule rule) {
        if (rule.reasoning() != null) reasoning = rule.reasoning();
        if (rule.maxTokens() != null) maxTokens = rule.maxTokens();
        if (rule.thoughtsBack() != null) thoughtsBack = rule.thoughtsBack();
        extensions.addAll(rule.extensions());
    }

    private Dialect with(Provider provider, String model) {
        return new Dialect(
                provider.id(),
                Dialect.ReasoningField.valueOf(reasoning.name()),
                Dialect.MaxTokensField.valueOf(maxTokens.name()),
                Dialect.ThoughtsBack.valueOf(thoughtsBack.name()),
                extensions,
                mostOutput(provider, model),
                model);
    }

    private static long mostOutput(Provider provider, String model) {
        for (OutputLimit limit : provider.outputLimits()) {
            if (ParameterRules.covers(limit.models(), model)) return limit.tokens();
        }
        return 0;
    }
}
