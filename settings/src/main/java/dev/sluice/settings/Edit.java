package dev.sluice.settings;

import dev.sluice.settings.binding.Difference;
import dev.sluice.settings.binding.Problem;
import java.util.List;

/** The outcome of an edit of the settings. */
public sealed interface Edit {
    /**
     * The edit is good; nothing is kept yet.
     *
     * @param settings as they should be; the very object that was given if nothing changes
     * @param changes one per resource that was looked at
     * @param issued secrets made for new API keys, to be shown once and kept nowhere
     */
    record Accepted(Settings settings, List<Change> changes, List<Issued> issued) implements Edit {
        public Accepted {
            changes = List.copyOf(changes);
            issued = List.copyOf(issued);
        }
    }

    /** Nothing may change. */
    record Refused(Reason reason, List<Problem> problems) implements Edit {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /** Why an edit is refused, the first that applies. */
    enum Reason {
        /** What was declared breaks a rule. */
        INVALID,
        /** There is no such resource. */
        NOT_FOUND,
        /** The resource belongs to a declarative file and can only be changed there. */
        FILE_OWNED,
        /** Others refer to what would be deleted. */
        IN_USE
    }

    /**
     * What happens to one resource.
     *
     * @param differences what an update changes, secrets redacted; includes {@code owner} when a file takes it over
     */
    record Change(Action action, Kind kind, String tenant, String name, String id, List<Difference> differences) {
        public Change {
            differences = List.copyOf(differences);
        }
    }

    enum Action {
        CREATE,
        UPDATE,
        DELETE,
        UNCHANGED
    }

    /** A secret that was made for an API key. */
    record Issued(String tenant, String apiKey, String secret) {
        @Override
        public String toString() {
            return apiKey + ": [redacted]";
        }
    }
}
