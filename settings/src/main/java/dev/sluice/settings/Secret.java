package dev.sluice.settings;

import dev.sluice.settings.binding.Confidential;

/**
 * A secret as declared: typed in, or a reference that is resolved when a snapshot is built
 * ({@code env:NAME}, {@code file:PATH}, {@code vault:PATH#FIELD}). Never shows a typed-in value when printed.
 */
public sealed interface Secret extends Confidential {
    record Literal(String value) implements Secret {
        @Override
        public boolean hidden() {
            return true;
        }

        @Override
        public String reveal() {
            return value;
        }

        @Override
        public String toString() {
            return "[redacted]";
        }
    }

    /** @param scheme one of env, file, vault */
    record Reference(String scheme, String target) implements Secret {
        @Override
        public boolean hidden() {
            return false;
        }

        @Override
        public String reveal() {
            return scheme + ":" + target;
        }

        @Override
        public String toString() {
            return reveal();
        }
    }

    /**
     * Reads the declared form.
     *
     * @throws IllegalArgumentException if it is empty, or a reference to nothing; the message holds no secret
     */
    static Secret parse(String text) {
        if (text.isBlank())
            throw new IllegalArgumentException("empty (expected: the secret, env:NAME, file:PATH or vault:PATH#FIELD)");
        for (String scheme : new String[] {"env", "file", "vault"}) {
            if (!text.startsWith(scheme + ":")) continue;
            String target = text.substring(scheme.length() + 1);
            String expected = switch (scheme) {
                case "env" -> target.matches("[A-Za-z_][A-Za-z0-9_]*") ? "" : "env:NAME";
                case "file" -> target.isBlank() ? "file:PATH" : "";
                default -> target.matches("[^#\\s]+#[^#\\s]+") ? "" : "vault:PATH#FIELD";
            };
            if (!expected.isEmpty())
                throw new IllegalArgumentException("not a reference that can be resolved (expected: " + expected + ")");
            return new Reference(scheme, target);
        }
        return new Literal(text);
    }
}
