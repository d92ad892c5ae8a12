package dev.sluice.settings;

import dev.sluice.settings.SecretResolver.Resolution;
import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.binding.Tree.Mapping;
import dev.sluice.settings.binding.Tree.Scalar;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads secrets from a HashiCorp Vault's key-value engine, version 1 or 2. Remembers for moments what it was told, so that many
 * keys under one path cost one call.
 */
final class Vault {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Environment environment;
    private final HttpClient client;
    private final InstantSource clock;
    private final Map<String, Slot> byPath = new ConcurrentHashMap<>();

    /** One path: of those who ask for it at the same time one asks the vault. */
    private static final class Slot {
        private @Nullable Remembered known;
    }

    /**
     * What is known of a path.
     *
     * @param fields null if it could not be read
     * @param failure why it could not
     */
    private record Remembered(@Nullable Mapping fields, String failure, Instant until) {}

    Vault(Environment environment, HttpClient client, InstantSource clock) {
        this.environment = environment;
        this.client = client;
        this.clock = clock;
    }

    /** @param target PATH#FIELD */
    Resolution read(String target) {
        int hash = target.lastIndexOf('#');
        if (hash < 0) return new Resolution.Missing("vault:" + target + " names no field (expected: vault:PATH#FIELD)");
        String path = trimSlashes(target.substring(0, hash));
        String field = target.substring(hash + 1);
        Remembered known = remembered(path);
        if (known.fields() == null) return new Resolution.Missing("vault:" + target + ": " + known.failure());
        if (known.fields().get(field) instanceof Scalar value && !value.text().isBlank())
            return new Resolution.Found(value.text().strip());
        return new Resolution.Missing("vault:" + target + ": the secret has no such field");
    }

    private Remembered remembered(String path) {
        Slot slot = byPath.computeIfAbsent(path, _ -> new Slot());
        synchronized (slot) {
            Remembered known = slot.known;
            if (known != null && clock.instant().isBefore(known.until())) return known;
            Remembered fetched = fetch(path);
            slot.known = fetched;
            return fetched;
        }
    }

    private static String trimSlashes(String path) {
        return path.replaceAll("^/+|/+$", "");
    }

    private Remembered fetch(String path) {
        String address = environment.get("VAULT_ADDR");
        String token = environment.get("VAULT_TOKEN");
        String failure;
        if (address == null || address.isBlank()) {
            failure = "environment variable VAULT_ADDR is not set";
        } else if (token == null || token.isBlank()) {
            failure = "environment variable VAULT_TOKEN is not set";
        } else {
            try {
                Answer answer = get(address, token, path);
                // Version 2 keeps secrets under MOUNT/data/…, which people leave out as the vault's own tools do.
                int mount = path.indexOf('/');
                if (answer.fields() == null
                        && answer.status() == 404
                        && mount > 0
                        && !path.startsWith("data/", mount + 1))
                    answer = get(address, token, path.substring(0, mount) + "/data" + path.substring(mount));
                if (answer.fields() != null)
                    return new Remembered(answer.fields(), "", clock.instant().plus(FRESH));
                failure = switch (answer.status()) {
                    case 200 -> "the vault's answer holds no secret";
                    case 403 -> "the vault refuses the token (status 403)";
                    case 404 -> "the vault has no such secret (status 404)";
                    default -> "the vault answers with status " + answer.status();
                };
            } catch (IOException e) {
                failure = "the vault cannot be reached: " + e.getClass().getSimpleName();
            } catch (IllegalArgumentException e) {
                failure = "VAULT_ADDR and the path make no valid URL";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = "interrupted";
            }
        }
        return new Remembered(null, failure, clock.instant().plus(FRESH));
    }

    /** @param fields null when the answer holds no secret */
    private record Answer(int status, @Nullable Mapping fields) {}

    private Answer get(String address, String token, String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.replaceAll("/+$", "") + "/v1/" + path))
                .header("X-Vault-Token", token)
                .timeout(DEADLINE);
        String namespace = environment.get("VAULT_NAMESPACE");
        if (namespace != null && !namespace.isBlank()) request.header("X-Vault-Namespace", namespace);
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.statusCode() == 200 ? fields(response.body()) : null);
    }

    private static @Nullable Mapping fields(String body) {
        Optional<Tree> answer = Json.read("", body, new Problems());
        if (!(answer.orElse(null) instanceof Mapping root) || !(root.get("data") instanceof Mapping data)) return null;
        boolean versioned = data.get("data") instanceof Mapping && data.get("metadata") instanceof Mapping;
        return versioned && data.get("data") instanceof Mapping inner ? inner : data;
    }
}
