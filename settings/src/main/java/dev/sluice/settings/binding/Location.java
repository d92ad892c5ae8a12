package dev.sluice.settings.binding;

/**
 * Where something stands in a document; lines and columns count from 1.
 *
 * @param file empty when the text came from no file
 * @param line 0 when unknown
 */
public record Location(String file, int line, int column) {
    public static final Location NONE = new Location("", 0, 0);

    /** As compilers write it: {@code sluice.yaml:14}; empty when unknown. */
    @Override
    public String toString() {
        if (file.isEmpty()) return line == 0 ? "" : "line " + line;
        return line == 0 ? file : file + ":" + line;
    }
}
