package dev.sluice.settings.snapshot;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Consumer;
import dev.sluice.settings.ConsumerGroup;
import java.util.List;

/**
 * An API key with the consumer behind it and the groups that the consumer is in. A disabled or expired key and a disabled
 * consumer are callers too, so that the refusal can say why; whoever decides about a call looks at both.
 *
 * @param groups enabled groups only
 */
public record Caller(
        String keyId, String tenant, ApiKey key, String consumerId, Consumer consumer, List<ConsumerGroup> groups) {
    public Caller {
        groups = List.copyOf(groups);
    }
}
