package dev.sluice.admin.api;

import dev.sluice.settings.Edit;
import dev.sluice.settings.Settings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns outcomes of edits into answers. */
public final class Edits {
    private Edits() {}

    /** @throws Refusal if the edit is refused */
    public static Edit.Accepted accepted(Edit edit) {
        return switch (edit) {
            case Edit.Accepted accepted -> accepted;
            case Edit.Refused refused -> throw refusal(refused);
        };
    }

    private static Refusal refusal(Edit.Refused refused) {
        Refusal refusal = Bodies.refusal(refused.problems());
        return switch (refused.reason()) {
            case INVALID -> refusal;
            case NOT_FOUND -> refusal.as(404, "not_found");
            case FILE_OWNED -> refusal.as(409, "file_owned");
            case IN_USE -> refusal.as(409, "in_use");
        };
    }

    /** Who stands in the way of a deletion or a new name. */
    public static List<Map<String, @Nullable Object>> dependencies(List<Settings.Dependent> dependents) {
        return dependents.stream()
                .map(d -> JsonWriter.object(
                        "kind", d.kind().list(), "id", d.id(), "name", d.name(), "relation", d.path()))
                .toList();
    }
}
