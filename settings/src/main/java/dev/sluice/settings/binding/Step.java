package dev.sluice.settings.binding;

import org.jspecify.annotations.Nullable;

/**
 * The way from the root of a document to a part of it, written out only when a problem is found.
 *
 * @param key empty for an item of a list
 */
record Step(@Nullable Step up, String key, int index) {
    static final Step ROOT = new Step(null, "", 0);

    Step key(String name) {
        return new Step(this, name, -1);
    }

    Step item(int at) {
        return new Step(this, "", at);
    }

    String path() {
        if (up == null) return "";
        return index < 0 ? FieldPath.key(up.path(), key) : FieldPath.item(up.path(), index);
    }
}
