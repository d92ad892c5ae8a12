package dev.sluice.settings.binding;

/**
 * One thing that is wrong with a document or with settings.
 *
 * @param file empty when the text came from no file
 * @param line 0 when unknown
 * @param path of the field, e.g. {@code services[1].keyPolicy}; empty for the whole
 * @param message what was found and what is expected, without secrets
 */
public record Problem(String file, int line, String path, String message) {
    public Problem(Location at, String path, String message) {
        this(at.file(), at.line(), path, message);
    }

    /** The line for people: {@code sluice.yaml:14: services[1].keyPolicy: "robin" (expected one of: …)}. */
    public String text() {
        String where = file.isEmpty() ? "" : new Location(file, line, 1) + ": ";
        return where + (path.isEmpty() ? "" : path + ": ") + message;
    }

    @Override
    public String toString() {
        return text();
    }
}
