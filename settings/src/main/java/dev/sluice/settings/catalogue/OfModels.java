package dev.sluice.settings.catalogue;

import dev.sluice.settings.glob.Glob;
import java.util.List;

/** What the catalogue says of some of a provider's models. */
interface OfModels {
    /** Names or patterns with {@code *}; empty = all. */
    List<String> models();

    /** Whether a model is one of them. Vendors do not tell small letters from large ones. */
    default boolean covers(String model) {
        List<String> patterns = models();
        for (int i = 0; i < patterns.size(); i++) {
            if (Glob.matchesAnyCase(patterns.get(i), model)) return true;
        }
        return patterns.isEmpty();
    }
}
