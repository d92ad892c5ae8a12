package dev.sluice.traffic.health;

import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.failure.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The provider keys of all services and how they fare: which one the next call uses, which rest, which are rejected.
 * State is kept by key id and survives snapshots. Safe for all event loops.
 *
 * <p>Every key that {@link #choose} hands out comes back through exactly one of {@link #succeeded}, {@link #failed} and
 * {@link #abandoned}.
 */
public final class KeyPool {
    private static final int MOST_RACES = 4;

    private final RandomGenerator random;
    private final ConcurrentMap<String, KeyRecord> records = new ConcurrentHashMap<>();
    /** Whose turn it is under round-robin, by service id. */
    private final ConcurrentMap<String, AtomicInteger> turns = new ConcurrentHashMap<>();

    /** @param random shared by all event loops, so it must be safe for them */
    public KeyPool(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The key for the next attempt under the service's key policy; it is in use from now on.
     *
     * @param tried ids of keys that this call has used already
     * @return null when no key is left that is neither tried, resting nor rejected; when every key of the service is
     *     resting and none was tried yet, the one that rests the shortest (trying the best beats refusing)
     */
    public @Nullable BoundKey choose(BoundService service, Set<String> tried, long nowMillis) {
        BoundKey chosen = chooseOf(service, tried, null, nowMillis);
        return chosen != null || isAnyTried(service.keys(), tried) ? chosen : chooseResting(service, tried, nowMillis);
    }

    /** Like the other, but only of the keys that are let through, and none that rests. */
    public @Nullable BoundKey choose(BoundService service, Set<String> tried, Predicate<BoundKey> let, long nowMillis) {
        return chooseOf(service, tried, let, nowMillis);
    }

    /** The last resort: of the untried keys that rest, the one that rests the shortest; null if there is none. */
    public @Nullable BoundKey chooseResting(BoundService service, Set<String> tried, long nowMillis) {
        BoundKey chosen = shortestResting(service.keys(), tried);
        if (chosen != null) record(chosen).begin(true, nowMillis);
        return chosen;
    }

    /** Whether a key of the service could be used now and is let through. Uses none. */
    public boolean hasUsable(BoundService service, Predicate<BoundKey> let, long nowMillis) {
        for (BoundKey key : service.keys()) if (record(key).isUsable(key, nowMillis) && let.test(key)) return true;
        return false;
    }

    /** The provider has begun to answer a call. */
    public void answered(BoundKey key, long beganAtMillis) {
        record(key).answered(key, beganAtMillis);
    }

    /** @param beganAtMillis when the attempt began, as all times by the clock that {@link #choose} was given */
    public void succeeded(BoundKey key, long beganAtMillis) {
        record(key).succeeded(key, beganAtMillis);
    }

    /** Counts a failure and lets the key rest or rejects it, as the failure's kind says. */
    public void failed(BoundKey key, Failure failure, long beganAtMillis, long nowMillis) {
        record(key).failed(key, failure, beganAtMillis, nowMillis);
    }

    /** The attempt ended without a word about the key, as when the client left. */
    public void abandoned(BoundKey key, long beganAtMillis) {
        record(key).abandoned(beganAtMillis);
    }

    /** Takes a rejected or resting key back into use. */
    public void reinstate(String keyId) {
        KeyRecord known = records.get(keyId);
        if (known != null) known.reinstate();
    }

    public KeyState state(String keyId, long nowMillis) {
        KeyRecord known = records.get(keyId);
        return known == null ? new KeyState(keyId, KeyState.Status.ACTIVE, 0, 0, "", 0) : known.state(keyId, nowMillis);
    }

    /** The keys that were used so far, by id. */
    public List<KeyState> states(long nowMillis) {
        List<KeyState> states = new ArrayList<>(records.size());
        records.forEach((id, known) -> states.add(known.state(id, nowMillis)));
        states.sort(Comparator.comparing(KeyState::keyId));
        return states;
    }

    /** Forgets what was deleted. */
    public void retain(Predicate<String> keyIds, Predicate<String> serviceIds) {
        records.keySet().removeIf(keyIds.negate());
        turns.keySet().removeIf(serviceIds.negate());
    }

    private @Nullable BoundKey chooseOf(
            BoundService service, Set<String> tried, @Nullable Predicate<BoundKey> let, long nowMillis) {
        for (int attempt = 0; attempt < MOST_RACES; attempt++) {
            BoundKey chosen = usable(service, tried, let, nowMillis);
            if (chosen == null) return null;
            if (record(chosen).begin(false, nowMillis)) return chosen;
        }
        return null;
    }

    private @Nullable BoundKey usable(
            BoundService service, Set<String> tried, @Nullable Predicate<BoundKey> let, long nowMillis) {
        List<BoundKey> keys = service.keys();
        int usable = 0;
        long weights = 0;
        for (int i = 0; i < keys.size(); i++) {
            BoundKey key = keys.get(i);
            if (!isFree(key, tried, let, nowMillis)) continue;
            usable++;
            weights += key.weight();
        }
        if (usable == 0) return null;
        return switch (service.spec().keyPolicy()) {
            case ROUND_ROBIN -> nth(keys, tried, let, turn(service, usable), nowMillis);
            case WEIGHTED -> weighted(keys, tried, let, weights, usable, nowMillis);
            case LEAST_USED -> leastUsed(keys, tried, let, nowMillis);
            case FAILOVER -> nth(keys, tried, let, 0, nowMillis);
        };
    }

    private boolean isFree(BoundKey key, Set<String> tried, @Nullable Predicate<BoundKey> let, long nowMillis) {
        return !tried.contains(key.id()) && record(key).isUsable(key, nowMillis) && (let == null || let.test(key));
    }

    private static boolean isAnyTried(List<BoundKey> keys, Set<String> tried) {
        for (int i = 0; i < keys.size(); i++) if (tried.contains(keys.get(i).id())) return true;
        return false;
    }

    private int turn(BoundService service, int usable) {
        AtomicInteger turn = turns.get(service.id());
        if (turn == null) turn = turns.computeIfAbsent(service.id(), _ -> new AtomicInteger());
        return Math.floorMod(turn.getAndIncrement(), usable);
    }

    /** The usable key with that many usable ones before it; the first usable one should the others have gone meanwhile. */
    private @Nullable BoundKey nth(
            List<BoundKey> keys, Set<String> tried, @Nullable Predicate<BoundKey> let, int n, long nowMillis) {
        BoundKey first = null;
        int passed = 0;
        for (int i = 0; i < keys.size(); i++) {
            BoundKey key = keys.get(i);
            if (!isFree(key, tried, let, nowMillis)) continue;
            if (passed++ == n) return key;
            if (first == null) first = key;
        }
        return first;
    }

    private @Nullable BoundKey weighted(
            List<BoundKey> keys,
            Set<String> tried,
            @Nullable Predicate<BoundKey> let,
            long weights,
            int usable,
            long nowMillis) {
        // Keys of weight 0 serve only while no other can.
        if (weights == 0) return nth(keys, tried, let, random.nextInt(usable), nowMillis);
        long point = random.nextLong(weights);
        BoundKey last = null;
        for (int i = 0; i < keys.size(); i++) {
            BoundKey key = keys.get(i);
            if (key.weight() == 0 || !isFree(key, tried, let, nowMillis)) continue;
            point -= key.weight();
            if (point < 0) return key;
            last = key;
        }
        return last == null ? nth(keys, tried, let, 0, nowMillis) : last;
    }

    private @Nullable BoundKey leastUsed(
            List<BoundKey> keys, Set<String> tried, @Nullable Predicate<BoundKey> let, long nowMillis) {
        BoundKey best = null;
        int fewestInFlight = 0;
        long fewestCalls = 0;
        for (int i = 0; i < keys.size(); i++) {
            BoundKey key = keys.get(i);
            KeyRecord known = record(key);
            if (!isFree(key, tried, let, nowMillis)) continue;
            int inFlight = known.inFlight();
            long calls = known.calls();
            if (best == null || inFlight < fewestInFlight || (inFlight == fewestInFlight && calls < fewestCalls)) {
                best = key;
                fewestInFlight = inFlight;
                fewestCalls = calls;
            }
        }
        return best;
    }

    private @Nullable BoundKey shortestResting(List<BoundKey> keys, Set<String> tried) {
        BoundKey best = null;
        long earliest = 0;
        for (int i = 0; i < keys.size(); i++) {
            KeyRecord known = record(keys.get(i));
            if (known.isRejected() || tried.contains(keys.get(i).id())) continue;
            long until = known.restingUntil();
            if (best == null || until < earliest) {
                best = keys.get(i);
                earliest = until;
            }
        }
        return best;
    }

    private KeyRecord record(BoundKey key) {
        KeyRecord known = records.get(key.id());
        return known != null ? known : records.computeIfAbsent(key.id(), _ -> new KeyRecord(key));
    }
}
