package dev.sluice.upstreams.provider;

import dev.sluice.protocol.Splice;
import java.util.List;

/**
 * What makes a body fit a model.
 *
 * @param edits in ascending order
 * @param dropped the members that are left out, by the names that the catalogue has for them
 */
public record Refit(List<Splice> edits, List<String> dropped) {
    public static final Refit NONE = new Refit(List.of(), List.of());

    public Refit {
        edits = List.copyOf(edits);
        dropped = List.copyOf(dropped);
    }

    /** The names of what is left out, separated by commas. */
    public String ignored() {
        return dropped.isEmpty() ? "" : String.join(",", dropped);
    }
}
