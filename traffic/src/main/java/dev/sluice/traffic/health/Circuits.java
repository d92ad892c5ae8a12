package dev.sluice.traffic.health;

import dev.sluice.settings.Health;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of all services, one per key and model. A circuit begins to exist with the first call that says
 * something about the target, so that made-up model names, which an upstream does not know, leave nothing behind; and
 * there are only so many per service. Without a circuit calls are let through. Safe for all event loops.
 *
 * <p>Every pass that {@link #enter} or {@link #force} hands out comes back through exactly one of {@link #succeeded},
 * {@link #failed} and {@link #abandoned}.
 */
public final class Circuits {
    /** What {@link #enter} answers when the call must not be made. */
    public static final int REFUSED = Circuit.REFUSED;

    /** Most circuits of one service. */
    static final int MAX_PER_SERVICE = 512;
    /** The round of a circuit that does not exist yet. */
    private static final int FIRST_ROUND = 0;

    private static final long IDLE_MILLIS = 600_000;
    private static final long EVICTION_PAUSE_MILLIS = 1_000;

    private final ConcurrentMap<String, OfService> services = new ConcurrentHashMap<>();

    /** Whether a call would be let through now. */
    public boolean lets(BoundService service, @Nullable BoundKey key, String model, long nowMillis) {
        Circuit circuit = find(service, key, model);
        return circuit == null || circuit.lets(service.spec().health().breaker(), nowMillis);
    }

    /** The pass for a call, {@link #REFUSED} if it must not be made. */
    public int enter(BoundService service, @Nullable BoundKey key, String model, long nowMillis) {
        Circuit circuit = find(service, key, model);
        return circuit == null
                ? FIRST_ROUND
                : circuit.enter(service.spec().health().breaker(), nowMillis);
    }

    /** The pass for a call that is made although the circuit may be open, as nothing better is left. */
    public int force() {
        return Circuit.FORCED;
    }

    /**
     * The answer to a call has begun.
     *
     * @return true when the call was a probe, which has succeeded with this: then only a failure is still worth telling
     */
    public boolean answered(BoundService service, @Nullable BoundKey key, String model, int pass) {
        Circuit circuit = find(service, key, model);
        return circuit != null && circuit.answered(pass, service.spec().health().breaker());
    }

    public void succeeded(BoundService service, @Nullable BoundKey key, String model, int pass, long nowMillis) {
        Circuit circuit = findOrMake(service, key, model, nowMillis);
        if (circuit != null) circuit.succeeded(pass, service.spec().health().breaker(), nowMillis);
    }

    /** The target itself has failed. */
    public void failed(BoundService service, @Nullable BoundKey key, String model, int pass, long nowMillis) {
        Circuit circuit = findOrMake(service, key, model, nowMillis);
        if (circuit != null) circuit.failed(pass, service.spec().health().breaker(), nowMillis);
    }

    /** The call came to nothing that says anything about the target. */
    public void abandoned(BoundService service, @Nullable BoundKey key, String model, int pass) {
        Circuit circuit = find(service, key, model);
        if (circuit != null) circuit.abandoned(pass);
    }

    /** The circuits of a service, those that are not closed first. */
    public List<CircuitState> states(BoundService service, long nowMillis) {
        OfService circuits = services.get(service.id());
        if (circuits == null) return List.of();
        Health.Breaker breaker = service.spec().health().breaker();
        Map<String, String> names = new HashMap<>();
        for (BoundKey key : service.keys()) names.put(key.id(), key.name());
        List<CircuitState> states = new ArrayList<>();
        circuits.byKey.forEach((key, byModel) -> byModel.forEach((model, circuit) ->
                states.add(circuit.state(names.getOrDefault(key, key), model, breaker, nowMillis))));
        states.sort(Comparator.comparing((CircuitState s) -> s.status() == CircuitState.Status.CLOSED)
                .thenComparing(CircuitState::model)
                .thenComparing(CircuitState::key));
        return states;
    }

    /** Circuits of all services that are open or half open. */
    public int notClosed() {
        int count = 0;
        for (OfService circuits : services.values()) {
            for (ConcurrentMap<String, Circuit> byModel : circuits.byKey.values()) {
                for (Circuit circuit : byModel.values()) {
                    if (circuit.status() != CircuitState.Status.CLOSED) count++;
                }
            }
        }
        return count;
    }

    /** Forgets what was deleted and what has not been used for long. */
    public void sweep(Predicate<String> serviceIds, long nowMillis) {
        services.keySet().removeIf(serviceIds.negate());
        for (OfService circuits : services.values()) circuits.evict(nowMillis - IDLE_MILLIS);
    }

    private @Nullable Circuit find(BoundService service, @Nullable BoundKey key, String model) {
        if (service.spec().health().breaker().failureRatePercent() == 0) return null;
        OfService circuits = services.get(service.id());
        if (circuits == null) return null;
        ConcurrentMap<String, Circuit> byModel = circuits.byKey.get(idOf(key));
        return byModel == null ? null : byModel.get(model);
    }

    private @Nullable Circuit findOrMake(BoundService service, @Nullable BoundKey key, String model, long nowMillis) {
        Circuit known = find(service, key, model);
        if (known != null) return known;
        Health.Breaker breaker = service.spec().health().breaker();
        if (breaker.failureRatePercent() == 0) return null;
        return services.computeIfAbsent(service.id(), _ -> new OfService())
                .make(idOf(key), model, nowMillis - breaker.windowMs(), nowMillis);
    }

    private static String idOf(@Nullable BoundKey key) {
        return key == null ? "" : key.id();
    }

    /** The circuits of one service. They are made and forgotten under the lock, and read without. */
    private static final class OfService {
        final ConcurrentMap<String, ConcurrentMap<String, Circuit>> byKey = new ConcurrentHashMap<>();
        private int count;
        private long evictedAt = Long.MIN_VALUE;

        synchronized @Nullable Circuit make(String key, String model, long unusedSince, long nowMillis) {
            ConcurrentMap<String, Circuit> byModel = byKey.computeIfAbsent(key, _ -> new ConcurrentHashMap<>());
            Circuit known = byModel.get(model);
            if (known != null) return known;
            if (count >= MAX_PER_SERVICE) {
                // Whoever makes up names must not make each call look through all circuits.
                if (evictedAt > nowMillis - EVICTION_PAUSE_MILLIS) return null;
                evictedAt = nowMillis;
                evict(unusedSince);
                if (count >= MAX_PER_SERVICE) return null;
                byModel = byKey.computeIfAbsent(key, _ -> new ConcurrentHashMap<>());
            }
            Circuit made = new Circuit();
            byModel.put(model, made);
            count++;
            return made;
        }

        /** Forgets circuits that nothing has happened to since then. */
        synchronized void evict(long since) {
            int left = 0;
            for (ConcurrentMap<String, Circuit> byModel : byKey.values()) {
                byModel.values().removeIf(c -> c.isIdleSince(since));
                left += byModel.size();
            }
            byKey.values().removeIf(ConcurrentMap::isEmpty);
            count = left;
        }
    }
}
