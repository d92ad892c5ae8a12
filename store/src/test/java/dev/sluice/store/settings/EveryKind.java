package dev.sluice.store.settings;

import dev.sluice.settings.Credential;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Resource;
import dev.sluice.settings.Stored;
import dev.sluice.store.Samples;
import java.util.ArrayList;
import java.util.List;

/** At least one resource of every kind, with as many fields as they have. */
final class EveryKind {
    private EveryKind() {}

    static List<Stored<Resource>> resources() {
        List<Stored<Resource>> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Resource resource = ResourceForm.read(kind, json(kind));
            if (resource instanceof dev.sluice.settings.ApiKey key)
                resource = key.with(Credential.of("sk-sluice-1234567"));
            all.add(Samples.stored(kind.idPrefix() + "_1", resource));
        }
        all.add(Samples.providerKey("second", "env:OPENAI_KEY"));
        return all;
    }

    private static String json(Kind kind) {
        return switch (kind) {
            case PROVIDER_KEY -> """
                {"name": "openai", "provider": "openai", "secret": "sk-very-secret", "weight": 3, "note": "密钥 \\"one\\""}""";
            case SERVICE -> """
                {"name": "main", "description": "d", "provider": "openai", "keys": ["openai", "second"],
                 "address": {"fixed": ["127.0.0.1:8080", "[::1]:8081"], "basePath": "/v1"}}""";
            case MODEL_API -> """
                {"name": "chat", "domains": ["api.example.org"], "basePath": "/team",
                 "routes": [{"path": "/v1/chat/completions", "operation": "chat-completions"}],
                 "distribution": {"strategy": "by-proportion", "stickyBy": "none",
                                  "targets": [{"service": "main", "model": "gpt-4o", "weight": 5}]}}""";
            case CONSUMER_GROUP -> """
                {"name": "team", "modelApis": [{"name": "chat", "expiresAt": "2030-01-02T03:04:05Z"}], "allowedModels": ["gpt-*"]}""";
            case CONSUMER -> """
                {"name": "app", "enabled": false, "groups": ["team"], "modelApis": [{"name": "chat"}]}""";
            case API_KEY -> """
                {"name": "app-key", "consumer": "app", "expiresAt": "2030-01-02T03:04:05Z", "allowedIps": ["10.0.0.0/8"],
                 "limits": {"rpm": 60}, "quota": {"tokensPerMonth": 1000000}}""";
            case PRICE -> """
                {"provider": "openai", "model": "gpt-*", "inputPerMillion": 2.50, "outputPerMillion": 10,
                 "validFrom": "2026-01-01T00:00:00Z"}""";
        };
    }
}
