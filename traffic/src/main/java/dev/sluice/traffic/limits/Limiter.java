package dev.sluice.traffic.limits;

import dev.sluice.settings.Limits;
import dev.sluice.settings.Quota;
import dev.sluice.settings.snapshot.Caller;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests, tokens and calls in flight per API key. Exact on one node, safe for all event loops. State is kept by
 * key id and survives snapshots: a changed limit holds from the next call on, and what was used stays used.
 */
public final class Limiter {
    /** No call is expected to use more; keeps sums far from overflow whatever a client claims. */
    private static final long MAX_ESTIMATE = 1_000_000_000_000L;

    private final ConcurrentMap<String, Account> accounts = new ConcurrentHashMap<>();
    private final LongUnaryOperator calendar;

    /** On one clock that is never set forward. */
    public Limiter() {
        this(millis -> millis);
    }

    /**
     * @param calendar what the wall clock shows at a moment of the time that all methods are given, which only passes;
     *     periods of quotas are those of the wall clock
     */
    public Limiter(LongUnaryOperator calendar) {
        this.calendar = calendar;
    }

    /**
     * Asks for admission. All limits of the key admit the call and set aside what it may use, or none does.
     *
     * @param estimatedTokens input estimate plus the client's own output limit
     * @param leaseMillis after that time an unsettled reservation is given back
     */
    public Admission admit(Caller caller, long estimatedTokens, long leaseMillis, long nowMillis) {
        if (isUnlimited(caller)) return Held.UNLIMITED;
        long estimate = Math.clamp(estimatedTokens, 1, MAX_ESTIMATE);
        while (true) {
            Admission admission = account(caller.keyId(), nowMillis).admit(caller, estimate, leaseMillis, nowMillis);
            if (admission != null) return admission;
        }
    }

    /**
     * Settles a call that goes on and asks for its admission anew, in one step: meanwhile no other call takes its place among
     * those in flight.
     *
     * @param before what the call holds; nothing any more when this answers
     * @param tokens that it has used of that
     */
    public Admission renew(
            Reservation before, long tokens, Caller caller, long estimatedTokens, long leaseMillis, long nowMillis) {
        Account account = before instanceof Held held ? held.account : null;
        if (account != null && !isUnlimited(caller)) {
            long estimate = Math.clamp(estimatedTokens, 1, MAX_ESTIMATE);
            Admission admission = account.renew((Held) before, tokens, caller, estimate, leaseMillis, nowMillis);
            if (admission != null) return admission;
        }
        before.settle(tokens, nowMillis);
        return admit(caller, estimatedTokens, leaseMillis, nowMillis);
    }

    /**
     * Takes in the tokens that a key used in a period according to the store. To be called for each key with a quota
     * before the first call is served, and whenever a key gets a quota for a period that had none: calls of a key without
     * any limit are not counted here. What was counted here is kept; asking again with the same figures changes nothing.
     *
     * @param tokens used from the start of the period that holds {@code asOfMillis} until then
     */
    public void seed(String keyId, QuotaPeriod period, long tokens, long asOfMillis) {
        boolean done = false;
        while (!done) done = account(keyId, asOfMillis).seed(period, tokens, asOfMillis);
    }

    /**
     * Gives back reservations whose lease has ended and forgets keys that hold nothing. To be called now and then; the
     * limits of a key that is in use are right without it.
     *
     * @param isKnown whether an API key still exists, by id; the state of a deleted key is dropped
     * @return how many reservations were given back because nobody settled them
     */
    public int sweep(long nowMillis, Predicate<String> isKnown) {
        int ended = 0;
        for (Iterator<String> ids = accounts.keySet().iterator(); ids.hasNext(); ) {
            String id = ids.next();
            Account account = accounts.get(id);
            if (account == null) continue;
            ended += account.sweep(nowMillis);
            if (account.drop(isKnown.test(id))) accounts.remove(id, account);
        }
        return ended;
    }

    /** Reservations that are neither settled nor given back, of all keys that have limits. */
    public long reservations() {
        long held = 0;
        for (Account account : accounts.values()) held += account.inFlight();
        return held;
    }

    /** How many keys have state. */
    int size() {
        return accounts.size();
    }

    private static boolean isUnlimited(Caller caller) {
        Limits limits = caller.key().limits();
        Quota quota = caller.key().quota();
        return limits.rpm() == null
                && limits.tpm() == null
                && limits.concurrency() == null
                && quota.tokensPerDay() == null
                && quota.tokensPerWeek() == null
                && quota.tokensPerMonth() == null
                && quota.tokensTotal() == null;
    }

    private Account account(String keyId, long nowMillis) {
        while (true) {
            Account account = accounts.get(keyId);
            if (account == null) account = accounts.computeIfAbsent(keyId, _ -> new Account(nowMillis, calendar));
            // A dropped account is about to leave the map; whoever meets it removes it.
            if (!account.isDropped()) return account;
            accounts.remove(keyId, account);
        }
    }

    /**
     * A reservation. Which buckets and periods it counts in is fixed at admission; the rest is guarded by the account,
     * in whose list of calls under way it is linked.
     */
    static final class Held implements Reservation {
        /** Of a key without limits: nothing is counted. */
        static final Held UNLIMITED = new Held(null, null, 0, 0, 0, 0, 0, 0);

        private final @Nullable Account account;
        private final @Nullable Caller caller;
        final long estimate;
        /** The part of the estimate that the window of the minute holds. */
        final long windowed;

        final long bucket;
        private final long day;
        private final long week;
        private final long month;

        long leaseEnd;
        boolean released;
        boolean settled;

        @Nullable
        Held before;

        @Nullable
        Held after;

        Held(
                @Nullable Account account,
                @Nullable Caller caller,
                long estimate,
                long windowed,
                long bucket,
                long day,
                long week,
                long month) {
            this.account = account;
            this.caller = caller;
            this.estimate = estimate;
            this.windowed = windowed;
            this.bucket = bucket;
            this.day = day;
            this.week = week;
            this.month = month;
        }

        /** The generation of a period at admission. */
        long generation(QuotaPeriod period) {
            return switch (period) {
                case DAY -> day;
                case WEEK -> week;
                case MONTH -> month;
                case TOTAL -> 0;
            };
        }

        @Override
        public void settle(long tokens, long nowMillis) {
            if (account != null) account.settle(this, tokens, nowMillis);
        }

        @Override
        public List<LimitState> states(long nowMillis) {
            return account == null || caller == null ? List.of() : account.states(caller, nowMillis);
        }
    }
}
