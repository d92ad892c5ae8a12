package dev.sluice.settings.binding;

import java.util.regex.Pattern;

/** What an unquoted scalar is: the core of YAML 1.2 that JSON shares. Everything else is text. */
final class Scalars {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private Scalars() {}

    static Tree.Type type(String plain) {
        return switch (plain) {
            case "", "~", "null", "Null", "NULL" -> Tree.Type.NULL;
            case "true", "false" -> Tree.Type.FLAG;
            default -> plain.length() < 400 && NUMBER.matcher(plain).matches() ? Tree.Type.NUMBER : Tree.Type.TEXT;
        };
    }
}
