package dev.sluice.store.usage;

import dev.sluice.traffic.usage.UsageRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What calls are counted by. The model counts only for calls that were sent to a service: what clients ask for and are
 * refused is theirs to choose, and would make a row for every word that somebody types.
 */
record Series(
        String tenant,
        String modelApi,
        String service,
        String provider,
        String model,
        String apiKey,
        String apiKeyId,
        String consumer,
        String failure,
        String currency) {
    static Series of(UsageRecord r) {
        return new Series(
                r.tenant(),
                r.modelApi(),
                r.service(),
                r.provider(),
                r.service().isEmpty() ? "" : r.model(),
                r.apiKey(),
                r.apiKeyId(),
                r.consumer(),
                r.failure(),
                r.currency());
    }

    /** The same on every node and in every version: 64 bits of a hash over all dimensions. */
    long id() {
        MessageDigest digest = sha256();
        for (String text :
                new String[] {tenant, modelApi, service, provider, model, apiKey, apiKeyId, consumer, failure, currency
                }) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
