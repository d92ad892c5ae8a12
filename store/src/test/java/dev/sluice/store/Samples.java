package dev.sluice.store;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.settings.Author;
import dev.sluice.settings.Consumer;
import dev.sluice.settings.Owner;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.Resource;
import dev.sluice.settings.Secret;
import dev.sluice.settings.Stored;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import java.time.Instant;
import java.util.List;

/** Records and resources to test with. */
public final class Samples {
    public static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    public static final Author ALICE = new Author("alice", "10.0.0.7");

    private Samples() {}

    /** A successful call of 100 input and 20 output tokens. */
    public static UsageRecord call(String id, Instant at) {
        return call(id, at, "chat", "key-a", "gpt-4o", Outcome.COMPLETED, 200, 100, 20);
    }

    public static UsageRecord call(
            String id,
            Instant at,
            String modelApi,
            String apiKey,
            String model,
            Outcome outcome,
            int status,
            long input,
            long output) {
        return new UsageRecord(
                id,
                at.toEpochMilli(),
                "default",
                modelApi,
                "chat",
                "openai-main",
                "openai",
                "pvk-1",
                model,
                model,
                apiKey,
                "id-of-" + apiKey,
                "con-" + apiKey,
                new Usage(input, input / 2, 0, output, output / 4),
                Units.NONE,
                Provenance.REPORTED,
                input + 2 * output,
                "USD",
                outcome,
                status,
                status < 400 ? "" : "upstream_5xx",
                1,
                status < 400 ? 35 : -1,
                410,
                true,
                812,
                2044,
                "127.0.0.1");
    }

    public static UsageRecord withUnits(UsageRecord r, Units units) {
        return new UsageRecord(
                r.id(),
                r.startedAtMillis(),
                r.tenant(),
                r.modelApi(),
                r.operation(),
                r.service(),
                r.provider(),
                r.providerKey(),
                r.askedModel(),
                r.model(),
                r.apiKey(),
                r.apiKeyId(),
                r.consumer(),
                r.usage(),
                units,
                r.provenance(),
                r.costMicros(),
                r.currency(),
                r.outcome(),
                r.status(),
                r.failure(),
                r.attempts(),
                r.firstContentMillis(),
                r.durationMillis(),
                r.streamed(),
                r.requestBytes(),
                r.responseBytes(),
                r.remoteIp());
    }

    public static Stored<Resource> providerKey(String name, String secret) {
        return stored(
                "pvk_" + name, new ProviderKey(name, "openai", Secret.parse(secret), 1, true, "a note", "default"));
    }

    public static Stored<Resource> consumer(String name, String description) {
        return stored("con_" + name, new Consumer(name, description, true, List.of(), List.of(), "default"));
    }

    public static Stored<Resource> stored(String id, Resource spec) {
        return new Stored<>(id, "default", 1, Owner.API, NOON, NOON, spec);
    }
}
