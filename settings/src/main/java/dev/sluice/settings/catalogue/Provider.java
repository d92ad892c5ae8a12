package dev.sluice.settings.catalogue;

import dev.sluice.settings.binding.Default;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model provider as a row of data.
 *
 * @param id how settings name it, e.g. {@code deepseek}
 * @param openaiUrl default base URL of its OpenAI wire format; absent where the operator must give the address
 * @param auth how its key is sent
 * @param usageInStream whether a stream reports usage by itself, only when asked, or never
 * @param models names for drop-downs and for the list of models; other names work as well
 */
public record Provider(
        String id,
        String displayName,
        @Nullable String openaiUrl,
        @Default("bearer") Auth auth,
        @Default("opt-in") UsageInStream usageInStream,
        List<String> models) {
    public Provider {
        models = List.copyOf(models);
    }

    public enum Auth {
        /** {@code Authorization: Bearer KEY}. */
        BEARER,
        /** {@code Authorization: KEY}. */
        RAW,
        /** {@code api-key: KEY}. */
        API_KEY
    }

    public enum UsageInStream {
        ALWAYS,
        OPT_IN,
        NEVER
    }
}
