package dev.sluice.traffic.limits;

import dev.sluice.settings.Limits;
import dev.sluice.settings.Quota;
import dev.sluice.settings.snapshot.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one API key has used and set aside. Every method holds the account's lock for a few dozen instructions and never
 * waits for anything else, so that event loops may share it.
 *
 * <p>A call is admitted while all of its limits have room: what is used and what is set aside for calls under way must be
 * below the limit. Its own estimate (a generous output limit, mostly) is no reason to refuse what it may never use; once
 * admitted it is set aside, so that what goes over a limit is at most what the last call in uses.
 */
final class Account {
    /** Clocks that step back by less are waited out; by more, time starts anew from there. */
    private static final long MAX_STEP_BACK = 120_000;

    private static final long NEVER = Long.MAX_VALUE;
    private static final QuotaPeriod[] PERIODS = QuotaPeriod.values();

    private final LongUnaryOperator calendar;
    private final long createdAt;
    private final Window window;
    private final Tally[] tallies = new Tally[PERIODS.length];
    private long latest;
    /** What the wall clock shows at the latest time; never steps back by a little. */
    private long date;

    private boolean hasQuota;
    private boolean dropped;
    private int inFlight;
    /** Reservations under way, in order of admission. */
    private Limiter.@Nullable Held first;

    private Limiter.@Nullable Held last;
    /** No lease ends before. */
    private long nextLeaseEnd = NEVER;

    Account(long millis, LongUnaryOperator calendar) {
        this.calendar = calendar;
        createdAt = millis;
        latest = millis;
        window = new Window(millis);
        date = calendar.applyAsLong(millis);
        for (int i = 0; i < PERIODS.length; i++) tallies[i] = new Tally(PERIODS[i], date);
    }

    /** Admits, or says why not; null if this account was dropped meanwhile and another is to be asked. */
    synchronized @Nullable Admission admit(Caller caller, long estimate, long leaseMillis, long nowMillis) {
        if (dropped) return null;
        long now = advance(nowMillis);
        Limits limits = caller.key().limits();
        Quota quota = caller.key().quota();
        hasQuota = !quota.equals(Quota.NONE);
        if (limits.concurrency() != null && inFlight >= limits.concurrency()) {
            return Refusal.concurrency(caller, limits.concurrency());
        }
        if (limits.rpm() != null && window.usedRequests(now) + 1 > limits.rpm()) {
            return Refusal.requests(caller, limits.rpm(), window.waitForRequests(limits.rpm(), now));
        }
        if (limits.tpm() != null) {
            long used = window.usedTokens(now);
            if (used >= limits.tpm()) {
                return Refusal.tokens(caller, limits.tpm(), used, window.waitForTokens(limits.tpm(), now));
            }
        }
        for (Tally tally : tallies) {
            Long limit = hasQuota ? tally.limit(quota) : null;
            if (limit != null && tally.used() + tally.reserved() >= limit) {
                return Refusal.quota(caller, tally, limit, inFlight, date);
            }
        }
        return hold(caller, estimate, leaseMillis, now);
    }

    private Limiter.Held hold(Caller caller, long estimate, long leaseMillis, long now) {
        // An estimate above the limit fills the window, but need not keep it full for longer than the limit itself
        // would.
        Long tpm = caller.key().limits().tpm();
        long windowed = tpm == null ? estimate : Math.min(estimate, tpm);
        window.add(1, windowed);
        for (Tally tally : tallies) tally.reserve(estimate);
        long leaseEnd = leaseMillis >= NEVER - now ? NEVER : now + Math.max(0, leaseMillis);
        Limiter.Held held = new Limiter.Held(
                this,
                caller,
                estimate,
                windowed,
                window.bucket(),
                tally(QuotaPeriod.DAY).generation(),
                tally(QuotaPeriod.WEEK).generation(),
                tally(QuotaPeriod.MONTH).generation());
        held.leaseEnd = leaseEnd;
        nextLeaseEnd = Math.min(nextLeaseEnd, leaseEnd);
        held.before = last;
        if (last == null) first = held;
        else last.after = held;
        last = held;
        inFlight++;
        return held;
    }

    synchronized void settle(Limiter.Held held, long tokens, long nowMillis) {
        if (held.settled) return;
        held.settled = true;
        advance(nowMillis);
        // After the end of its lease a call holds nothing any more, but what it used still counts.
        release(held);
        long used = Math.clamp(tokens, 0, Window.MAX);
        window.correct(held.bucket, used);
        for (Tally tally : tallies) tally.count(held.generation(tally.period()), used);
    }

    /** Settles and admits with nothing in between; null if this account was dropped meanwhile and another is to be asked. */
    synchronized @Nullable Admission renew(
            Limiter.Held held, long tokens, Caller caller, long estimate, long leaseMillis, long nowMillis) {
        settle(held, tokens, nowMillis);
        return admit(caller, estimate, leaseMillis, nowMillis);
    }

    synchronized List<LimitState> states(Caller caller, long nowMillis) {
        long now = advance(nowMillis);
        Limits limits = caller.key().limits();
        List<LimitState> states = new ArrayList<>(3);
        if (limits.rpm() != null) {
            long left = Math.max(0, limits.rpm() - window.usedRequests(now));
            states.add(new LimitState("requests", limits.rpm(), left, window.untilNoRequests(now)));
        }
        LimitState tokens = null;
        if (limits.tpm() != null) {
            long left = Math.max(0, limits.tpm() - window.usedTokens(now));
            tokens = new LimitState("tokens", limits.tpm(), left, window.untilNoTokens(now));
        }
        // There is one header for tokens: it shows the limit that will stop the caller first.
        for (Tally tally : tallies) {
            Long limit = tally.limit(caller.key().quota());
            if (limit == null) continue;
            long left = Math.max(0, limit - tally.used() - tally.reserved());
            if (tokens == null || left < tokens.remaining()) {
                tokens = new LimitState("tokens", limit, left, tally.end() == NEVER ? -1 : tally.end() - date);
            }
        }
        if (tokens != null) states.add(tokens);
        if (limits.concurrency() != null) {
            long left = Math.max(0, limits.concurrency() - inFlight);
            states.add(new LimitState("concurrency", limits.concurrency(), left, 0));
        }
        return states;
    }

    /** Takes in stored usage; false if this account was dropped meanwhile. */
    synchronized boolean seed(QuotaPeriod period, long tokens, long asOfMillis) {
        if (dropped) return false;
        if (asOfMillis > latest) advance(asOfMillis);
        hasQuota = true;
        tally(period).seed(tokens, asOfMillis > createdAt, calendar.applyAsLong(asOfMillis));
        return true;
    }

    synchronized int inFlight() {
        return inFlight;
    }

    synchronized boolean isDropped() {
        return dropped;
    }

    /** Gives back what ended leases hold. */
    synchronized int sweep(long nowMillis) {
        int before = inFlight;
        advance(nowMillis);
        return before - inFlight;
    }

    /** Gives the account up if nothing would be lost, or, when its key is gone, if nothing is under way. */
    synchronized boolean drop(boolean keyIsKnown) {
        if (inFlight > 0) return false;
        if (keyIsKnown && (!window.isEmpty() || (hasQuota && isAnythingUsed()))) return false;
        dropped = true;
        return true;
    }

    private boolean isAnythingUsed() {
        for (Tally tally : tallies) {
            if (tally.used() > 0) return true;
        }
        return false;
    }

    private Tally tally(QuotaPeriod period) {
        for (Tally tally : tallies) {
            if (tally.period() == period) return tally;
        }
        throw new IllegalStateException("no tally for " + period);
    }

    /** Brings all counters up to now and gives back ended leases; answers the time to go by, which never steps back far. */
    private long advance(long nowMillis) {
        if (nowMillis < latest - MAX_STEP_BACK) {
            rebase(nowMillis);
        } else if (nowMillis > latest) {
            latest = nowMillis;
        }
        window.advance(latest);
        turnPages(calendar.applyAsLong(latest));
        if (latest >= nextLeaseEnd) endLeases();
        return latest;
    }

    private void turnPages(long today) {
        if (today < date - MAX_STEP_BACK) {
            date = today;
            for (Tally tally : tallies) tally.rebase(date);
        } else if (today > date) {
            date = today;
            for (Tally tally : tallies) tally.advance(date);
        }
    }

    private void rebase(long nowMillis) {
        long step = latest - nowMillis;
        latest = nowMillis;
        window.rebase(nowMillis);
        for (Limiter.Held held = first; held != null; held = held.after) {
            if (held.leaseEnd != NEVER) held.leaseEnd -= step;
        }
        if (nextLeaseEnd != NEVER) nextLeaseEnd -= step;
    }

    private void endLeases() {
        long next = NEVER;
        Limiter.Held held = first;
        while (held != null) {
            Limiter.Held after = held.after;
            if (held.leaseEnd <= latest) release(held);
            else next = Math.min(next, held.leaseEnd);
            held = after;
        }
        nextLeaseEnd = next;
    }

    /** Gives back what a reservation holds, if it still does. */
    private void release(Limiter.Held held) {
        if (held.released) return;
        held.released = true;
        window.correct(held.bucket, -held.windowed);
        for (Tally tally : tallies) tally.release(held.generation(tally.period()), held.estimate);
        if (held.before == null) first = held.after;
        else held.before.after = held.after;
        if (held.after == null) last = held.before;
        else held.after.before = held.before;
        held.before = null;
        held.after = null;
        inFlight--;
    }
}
