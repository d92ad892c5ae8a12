package dev.sluice.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Resolves each kind of reference at its source. */
final class SecretSources implements SecretResolver {
    private static final int LARGEST = 64 * 1024;

    private final Environment environment;
    private final Vault vault;

    SecretSources(Environment environment, Vault vault) {
        this.environment = environment;
        this.vault = vault;
    }

    @Override
    public Resolution resolve(Secret secret) {
        return switch (secret) {
            case Secret.Literal literal -> new Resolution.Found(literal.value());
            case Secret.Reference reference ->
                switch (reference.scheme()) {
                    case "env" -> variable(reference.target());
                    case "file" -> file(reference.target());
                    case "vault" -> vault.read(reference.target());
                    default -> new Resolution.Missing(reference + " cannot be resolved (expected: env, file or vault)");
                };
        };
    }

    private Resolution variable(String name) {
        String value = environment.get(name);
        if (value == null) return new Resolution.Missing("environment variable " + name + " is not set");
        return found(value, "environment variable " + name);
    }

    private static Resolution file(String path) {
        String name = "file " + path;
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST)
                return new Resolution.Missing(name + " has more than " + LARGEST + " bytes (expected: a secret)");
            return found(new String(bytes, StandardCharsets.UTF_8), name);
        } catch (NoSuchFileException e) {
            return new Resolution.Missing(name + " does not exist");
        } catch (InvalidPathException e) {
            return new Resolution.Missing(name + " is no valid path");
        } catch (IOException e) {
            return new Resolution.Missing(
                    name + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static Resolution found(String raw, String name) {
        String value = raw.strip();
        if (value.isEmpty()) return new Resolution.Missing(name + " is empty");
        return new Resolution.Found(value);
    }
}
