package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Doc("What happens to the model of a call.")
public record ModelPolicy(
        @Doc("passthrough sends the client's model on; specified always uses defaultModel.") @Default("passthrough")
        Mode mode,

        @Doc("Required by specified, and by onUnknownModel: default-model.") @Nullable
        String defaultModel,

        @Doc("passthrough: the only models let through, names or patterns with * and ?; empty = all.")
        List<String> allowedModels,

        @Doc("passthrough: what happens to a model that is not allowed.") @Default("not-found")
        OnUnknownModel onUnknownModel,

        @Doc("specified: further models, tried in order when the default fails.")
        List<String> fallbackModels,

        @Doc("From a client's model (name or pattern) to the provider's name.")
        Map<String, String> mapping) {
    public ModelPolicy {
        allowedModels = List.copyOf(allowedModels);
        fallbackModels = List.copyOf(fallbackModels);
        mapping = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(mapping));
    }

    public enum Mode {
        PASSTHROUGH,
        SPECIFIED
    }

    public enum OnUnknownModel {
        NOT_FOUND,
        DEFAULT_MODEL
    }
}
