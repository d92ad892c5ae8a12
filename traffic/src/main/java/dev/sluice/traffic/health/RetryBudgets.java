package dev.sluice.traffic.health;

import dev.sluice.settings.Health;
import dev.sluice.settings.snapshot.BoundService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * How many retries each service may get: every call earns it a share of one, and a few per second are free, so that a
 * service with little traffic can be retried at all. Safe for all event loops.
 */
public final class RetryBudgets {
    private static final long ONE = 100;
    /** Retries that can be saved up: a quiet time must not pay for a storm. */
    private static final long MOST_SAVED = 100 * ONE;

    private final ConcurrentMap<String, Budget> budgets = new ConcurrentHashMap<>();
    private final LongAdder denied = new LongAdder();

    /** A call comes to a service for the first time. */
    public void called(BoundService service) {
        of(service).earn(service.spec().health().retryBudget().percent());
    }

    /** Takes a retry out of the service's budget. False if there is none left, and the retry must not be made. */
    public boolean spend(BoundService service, long nowMillis) {
        Health.RetryBudget settings = service.spec().health().retryBudget();
        boolean granted = of(service).spend(settings.minPerSecond(), nowMillis);
        if (!granted) denied.increment();
        return granted;
    }

    /** Retries that were not made, of all services. */
    public long denied() {
        return denied.sum();
    }

    /** Forgets services that were deleted. */
    public void retain(Predicate<String> serviceIds) {
        budgets.keySet().removeIf(serviceIds.negate());
    }

    private Budget of(BoundService service) {
        Budget budget = budgets.get(service.id());
        return budget != null ? budget : budgets.computeIfAbsent(service.id(), _ -> new Budget());
    }

    /** The retries that one service has left. A full budget is only read. */
    private static final class Budget {
        /** In hundredths of a retry. */
        private volatile long saved;

        private long freeSecond;
        private int freeUsed;

        void earn(int hundredths) {
            if (saved >= MOST_SAVED) return;
            synchronized (this) {
                saved = Math.min(MOST_SAVED, saved + hundredths);
            }
        }

        synchronized boolean spend(int freePerSecond, long nowMillis) {
            if (saved >= ONE) {
                saved -= ONE;
                return true;
            }
            long second = Math.floorDiv(nowMillis, 1_000L);
            if (second != freeSecond) {
                freeSecond = second;
                freeUsed = 0;
            }
            if (freeUsed >= freePerSecond) return false;
            freeUsed++;
            return true;
        }
    }
}
