package dev.sluice.admin.resources;

import dev.sluice.settings.binding.Tree;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * JSON merge patch (RFC 7396) on documents: mappings are merged, null removes, everything else replaces. One step beyond: where
 * the patch names another strategy than the document, the mapping is replaced, because the fields of the old strategy
 * mean nothing to the new one.
 */
final class MergePatch {
    private static final String CHOICE = "strategy";

    private MergePatch() {}

    static Tree apply(Tree document, Tree patch) {
        if (!(patch instanceof Tree.Mapping changes)) return patch;
        Map<String, Tree.Entry> merged = new LinkedHashMap<>();
        if (document instanceof Tree.Mapping mapping && !isOtherChoice(mapping, changes))
            merged.putAll(mapping.entries());
        changes.entries().forEach((key, entry) -> {
            if (Tree.isNull(entry.value())) {
                merged.remove(key);
                return;
            }
            Tree.Entry old = merged.get(key);
            Tree before = old == null ? Tree.mapping(Map.of()) : old.value();
            merged.put(key, new Tree.Entry(entry.at(), apply(before, entry.value())));
        });
        return new Tree.Mapping(changes.at(), merged);
    }

    private static boolean isOtherChoice(Tree.Mapping document, Tree.Mapping patch) {
        return document.get(CHOICE) instanceof Tree.Scalar before
                && patch.get(CHOICE) instanceof Tree.Scalar after
                && !before.text().equals(after.text());
    }
}
