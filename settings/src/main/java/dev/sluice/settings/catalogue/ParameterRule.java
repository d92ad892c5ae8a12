package dev.sluice.settings.catalogue;

import dev.sluice.settings.binding.Default;
import java.util.List;
import java.util.Map;

/**
 * What a provider does not take as the OpenAI protocol has it. Applied to requests that the gateway writes, and to those of clients that named
 * another model than is called.
 *
 * @param models names or patterns with {@code *}; empty = all
 * @param drop members that are left out
 * @param rename members that have another name, old to new
 * @param clamp numbers that are kept within {@code LEAST..MOST}
 */
public record ParameterRule(
        List<String> models,
        List<String> drop,
        @Default("{}") Map<String, String> rename,
        @Default("{}") Map<String, String> clamp)
        implements OfModels {
    public ParameterRule {
        models = List.copyOf(models);
        drop = List.copyOf(drop);
        rename = Map.copyOf(rename);
        clamp = Map.copyOf(clamp);
    }
}
