package dev.sluice.traffic.health;

import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.failure.Failure;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The provider keys of all services and how they fare: which one the next call uses, which rest, which are rejected.
 * State is kept by key id and survives snapshots. Safe for all event loops.
 */
public final class KeyPool {
    /**
     * The key for the next attempt under the service's key policy.
     *
     * @param tried ids of keys that this call has used already
     * @return null when no key is left that is neither tried, resting nor rejected; when every key of the service is
     *     resting and none was tried yet, the one that rests the shortest (trying the best beats refusing)
     */
    public @Nullable BoundKey choose(BoundService service, Set<String> tried, long nowMillis) {
        return service.keys().isEmpty() || tried.size() + nowMillis == 0
                ? null
                : service.keys().getFirst();
    }

    public void succeeded(BoundKey key, long nowMillis) {}

    /** Counts a failure and lets the key rest or rejects it, as the failure's kind says. */
    public void failed(BoundKey key, Failure failure, long nowMillis) {}

    /** Takes a rejected or resting key back into use. */
    public void reinstate(String keyId) {}

    public KeyState state(String keyId, long nowMillis) {
        return new KeyState(keyId, KeyState.Status.ACTIVE, 0, 0, "", nowMillis);
    }

    public List<KeyState> states(long nowMillis) {
        return List.of(state("", nowMillis));
    }
}
