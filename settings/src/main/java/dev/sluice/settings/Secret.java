package dev.sluice.settings;

/**
 * A secret as declared: typed in, or a reference that is resolved when a snapshot is built
 * ({@code env:NAME}, {@code file:PATH}, {@code vault:PATH#FIELD}). Never shows a typed-in value when printed.
 */
public sealed interface Secret {
    record Literal(String value) implements Secret {
        @Override
        public String toString() {
            return "[redacted]";
        }
    }

    /** @param scheme one of env, file, vault */
    record Reference(String scheme, String target) implements Secret {
        @Override
        public String toString() {
            return scheme + ":" + target;
        }
    }

    /** Reads the declared form. */
    static Secret parse(String text) {
        for (String scheme : new String[] {"env", "file", "vault"}) {
            if (text.startsWith(scheme + ":")) return new Reference(scheme, text.substring(scheme.length() + 1));
        }
        return new Literal(text);
    }
}
