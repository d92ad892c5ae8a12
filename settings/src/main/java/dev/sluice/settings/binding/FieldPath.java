package dev.sluice.settings.binding;

/** How fields are named in messages: {@code services[1].modelPolicy.mode}, with odd keys as {@code mapping["a b"]}. */
public final class FieldPath {
    private FieldPath() {}

    /** The path of a key below a path. */
    public static String key(String parent, String key) {
        boolean plain =
                !key.isEmpty() && key.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
        if (!plain) return parent + '[' + Messages.quote(key) + ']';
        return parent.isEmpty() ? key : parent + '.' + key;
    }

    /** The path of an item below a path. */
    public static String item(String parent, int index) {
        return parent + '[' + index + ']';
    }

    /** One path below another. */
    public static String join(String parent, String inner) {
        if (parent.isEmpty()) return inner;
        if (inner.isEmpty()) return parent;
        return inner.charAt(0) == '[' ? parent + inner : parent + '.' + inner;
    }
}
