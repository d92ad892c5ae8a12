package dev.sluice.upstreams.provider;

import dev.sluice.protocol.chat.CallIds;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.settings.catalogue.DialectRule;
import dev.sluice.settings.catalogue.DialectRule.MaxTokensField;
import dev.sluice.settings.catalogue.DialectRule.ReasoningField;
import dev.sluice.settings.catalogue.DialectRule.ThoughtsBack;
import dev.sluice.settings.catalogue.OutputLimit;
import dev.sluice.settings.catalogue.Provider;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** Puts together what the catalogue says of a provider's dialect with one model. */
final class Dialects {
    private ReasoningField reasoning = ReasoningField.EFFORT;
    private final Set<ChatRequest.Effort> efforts = EnumSet.noneOf(ChatRequest.Effort.class);
    private boolean thinksUnasked;
    private MaxTokensField maxTokens = MaxTokensField.MAX_TOKENS;
    private ThoughtsBack thoughtsBack = ThoughtsBack.LEFT_OUT;
    private final Set<Dialect.ToolChoiceWord> toolChoices = EnumSet.copyOf(Dialect.ToolChoiceWord.USUAL);
    private CallIds.Form callIds = CallIds.Form.ANY;
    private int mostStops = Dialect.USUAL_STOPS;
    private boolean authorNames = true;
    private final Set<String> extensions = new HashSet<>();

    private Dialects() {}

    static Dialect of(Provider provider, String model) {
        Dialects told = new Dialects();
        for (DialectRule rule : provider.dialect()) {
            if (rule.covers(model)) told.add(rule);
        }
        return told.with(provider, model);
    }

    private void add(DialectRule rule) {
        if (rule.reasoning() != null) reasoning = rule.reasoning();
        if (!rule.efforts().isEmpty()) efforts.clear();
        for (DialectRule.Effort effort : rule.efforts()) efforts.add(ChatRequest.Effort.valueOf(effort.name()));
        if (rule.thinksUnasked() != null) thinksUnasked = rule.thinksUnasked();
        if (rule.maxTokens() != null) maxTokens = rule.maxTokens();
        if (rule.thoughtsBack() != null) thoughtsBack = rule.thoughtsBack();
        if (!rule.toolChoices().isEmpty()) toolChoices.clear();
        for (DialectRule.ToolChoice choice : rule.toolChoices())
            toolChoices.add(Dialect.ToolChoiceWord.valueOf(choice.name()));
        if (rule.callIds() != null)
            callIds = CallIds.Form.valueOf(rule.callIds().name());
        if (rule.mostStops() != null) mostStops = rule.mostStops();
        if (rule.authorNames() != null) authorNames = rule.authorNames();
        extensions.addAll(rule.extensions());
    }

    private Dialect with(Provider provider, String model) {
        return new Dialect(
                provider.id(),
                Dialect.ReasoningField.valueOf(reasoning.name()),
                efforts,
                thinksUnasked,
                Dialect.MaxTokensField.valueOf(maxTokens.name()),
                Dialect.ThoughtsBack.valueOf(thoughtsBack.name()),
                toolChoices,
                callIds,
                mostStops,
                authorNames,
                extensions,
                mostOutput(provider, model),
                model);
    }

    private static long mostOutput(Provider provider, String model) {
        for (OutputLimit limit : provider.outputLimits()) {
            if (limit.covers(model)) return limit.tokens();
        }
        return 0;
    }
}
