package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.FieldPath;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Reporter;
import dev.sluice.settings.glob.Glob;
import java.util.Collections;
import java.util.LinkedHashMap;
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

        @Doc("Further models, tried in order when the default model was used and failed.")
        List<String> fallbackModels,

        @Doc("From a client's model (name or pattern) to the provider's name.")
        Map<String, String> mapping,

        @Doc(
                "From a name of the provider's that does not tell the model, e.g. a deployment or an ARN (name or pattern), to the provider's name of"
                        + " the model behind it.")
        Map<String, String> modelFamilies,

        @Doc("Images and documents that a client names by URL, where the provider cannot take URLs.") @Default("{}")
        RemoteMedia remoteMedia)
        implements Checked {
    public ModelPolicy {
        allowedModels = List.copyOf(allowedModels);
        fallbackModels = List.copyOf(fallbackModels);
        mapping = Collections.unmodifiableMap(new LinkedHashMap<>(mapping));
        modelFamilies = Collections.unmodifiableMap(new LinkedHashMap<>(modelFamilies));
    }

    /**
     * The name that tells what a model takes: that of the model behind it where it is declared, an exact name first, then patterns in
     * order; else its own.
     */
    public String family(String model) {
        if (modelFamilies.isEmpty()) return model;
        String exact = modelFamilies.get(model);
        if (exact != null) return exact;
        for (Map.Entry<String, String> family : modelFamilies.entrySet()) {
            if (Glob.matches(family.getKey(), model)) return family.getValue();
        }
        return model;
    }

    @Override
    public void check(Reporter reporter) {
        if (defaultModel != null) Pattern.check("defaultModel", defaultModel, reporter);
        else if (mode == Mode.SPECIFIED)
            reporter.problem("defaultModel", "required by mode: specified (expected: the model to send)");
        else if (onUnknownModel == OnUnknownModel.DEFAULT_MODEL)
            reporter.problem("defaultModel", "required by onUnknownModel: default-model (expected: the model to send)");
        if (defaultModel == null && !fallbackModels.isEmpty())
            reporter.problem("fallbackModels", "has no effect without a defaultModel (expected: a defaultModel)");
        if (mode == Mode.SPECIFIED && !allowedModels.isEmpty())
            reporter.problem(
                    "allowedModels",
                    "has no effect with mode: specified (expected: mode: passthrough, or no allowedModels)");
        Pattern.checkAll("allowedModels", allowedModels, reporter);
        Pattern.checkAll("fallbackModels", fallbackModels, reporter);
        mapping.forEach((from, to) -> {
            String path = FieldPath.key("mapping", from);
            Pattern.check(path, from, reporter);
            Pattern.check(path, to, reporter);
        });
        modelFamilies.forEach((name, model) -> {
            String path = FieldPath.key("modelFamilies", name);
            Pattern.check(path, name, reporter);
            Pattern.check(path, model, reporter);
            if (!Glob.isExact(model))
                reporter.problem(path, Messages.quote(model) + " is a pattern (expected: the name of one model)");
        });
    }

    @Doc("Whether the gateway fetches a URL for a provider that cannot.")
    public record RemoteMedia(
            @Doc("inline fetches it into the request, refuse answers 400.") @Default("inline")
            RemoteMediaMode mode,

            @Doc("Of what one URL leads to.") @Default("20971520") @Range(min = 1, max = 104_857_600)
            int maxBytes,

            @Doc("Of what all URLs of a call lead to.") @Default("52428800") @Range(min = 1, max = 1_073_741_824)
            int maxTotalBytes,

            @Doc("How many URLs of a call are fetched.") @Default("20") @Range(min = 1, max = 1000)
            int maxUrls,

            @Doc("For one URL, with its redirects.") @Default("10000") @Range(min = 1, max = 120_000)
            int timeoutMs,

            @Doc("Whether addresses outside of the public internet may be asked.") @Default("false")
            boolean allowPrivateAddresses) {}

    public enum RemoteMediaMode {
        INLINE,
        REFUSE
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
