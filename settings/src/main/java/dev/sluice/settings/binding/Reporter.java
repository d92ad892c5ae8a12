package dev.sluice.settings.binding;

/** Takes the problems that a record finds in itself. */
@FunctionalInterface
public interface Reporter {
    /** @param path of the field within the record, e.g. {@code targets[0].model}; empty for the record as a whole */
    void problem(String path, String message);

    /** A reporter for something inside: paths reported to it are below the given one. */
    default Reporter below(String path) {
        return (inner, message) -> problem(FieldPath.join(path, inner), message);
    }
}
