package dev.sluice.admin.declaration;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One file of a declaration, as a client sends it.
 *
 * @param file how problems name it; ending in .json for JSON, everything else is YAML
 * @param environment values for {@code ${NAME}} and for {@code env:NAME} of API keys, in front of the gateway's own
 */
record SentFile(String file, String text, Map<String, String> environment) {
    SentFile {
        environment = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** Without the text and the values, which may be secrets. */
    @Override
    public String toString() {
        return file;
    }
}
