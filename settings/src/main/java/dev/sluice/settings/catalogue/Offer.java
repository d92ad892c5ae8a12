package dev.sluice.settings.catalogue;

import dev.sluice.settings.binding.Default;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a provider offers in one protocol.
 *
 * @param url default base address; absent where every customer has one of their own
 * @param forms what it takes, the preferred form of each task first
 */
public record Offer(@Nullable String url, @Default("bearer") Auth auth, List<WireForm> forms) {
    public Offer {
        forms = List.copyOf(forms);
    }
}
