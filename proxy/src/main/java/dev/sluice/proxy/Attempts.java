package dev.sluice.proxy;

import dev.sluice.proxy.TargetHealth.Choice;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.failure.FallbackRule;
import dev.sluice.traffic.health.NodeRecord;
import dev.sluice.traffic.health.TriedNodes;
import dev.sluice.traffic.routing.Target;
import dev.sluice.upstreams.UpstreamClient;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The loop over targets, keys and nodes: picks the next thing to try, and after a failure decides by the failure's kind
 * whether to rotate the key, try another node, try again, fall back, or give up.
 */
final class Attempts {
    private static final int MAX_ATTEMPTS = 16;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 4_000;

    private final Vertx vertx;
    private final UpstreamClient client;
    private final DataPlane plane;
    private final Preparation preparation;
    private final TokenCounts tokenCounts;
    private final ProxyOptions options;
    private final ErrorAnswer errors;
    private final Settler settler;
    private final TargetHealth health;

    /** What has been tried on the current target. */
    static final class Tried {
        final Set<String> keys = new HashSet<>(2);
        /** Also those that the call has been to for earlier targets: a service may be in several steps. */
        final TriedNodes nodes;

        int retries;
        /** A key that rests was used, as nothing else was left: once is enough. */
        boolean usedResting;

        Tried(TriedNodes nodes) {
            this.nodes = nodes;
        }
    }

    Attempts(
            Vertx vertx,
            UpstreamClient client,
            DataPlane plane,
            Preparation preparation,
            ProxyOptions options,
            ErrorAnswer errors,
            Settler settler) {
        this.vertx = vertx;
        this.client = client;
        this.plane = plane;
        this.preparation = preparation;
        this.tokenCounts = new TokenCounts(plane);
        this.options = options;
        this.errors = errors;
        this.settler = settler;
        this.health = new TargetHealth(plane);
    }

    void begin(Exchange x) {
        x.targetIndex = 0;
        tryNewTarget(x, new TriedNodes());
    }

    /** One attempt has failed before anything went to the client. */
    void failed(Exchange x, Attempt attempt, Failure failure) {
        if (x.ended) {
            health.abandoned(attempt);
            return;
        }
        x.attempt = null;
        x.answeredBy = attempt.target();
        x.answeredWith = attempt.key();
        x.failures.add(new Exchange.FailedAttempt(attempt.target(), failure));
        if (failure.kind().blame() == FailureKind.Blame.NODE)
            attempt.tried().nodes.blameLast();
        if (failure.kind() == FailureKind.CONNECT && hasAnotherNode(x, attempt.tried())) {
            health.failedOnOneNode(attempt, failure);
        } else {
            health.failed(attempt, failure);
        }
        next(x, attempt.tried(), failure, attempt.shown());
    }

    TargetHealth health() {
        return health;
    }

    UpstreamClient client() {
        return client;
    }

    DataPlane plane() {
        return plane;
    }

    Vertx vertx() {
        return vertx;
    }

    Preparation preparation() {
        return preparation;
    }

    TokenCounts tokenCounts() {
        return tokenCounts;
    }

    ProxyOptions options() {
        return options;
    }

    Settler settler() {
        return settler;
    }

    private void tryNewTarget(Exchange x, TriedNodes nodes) {
        plane.retryBudgets().called(x.target().service());
        tryTarget(x, new Tried(nodes));
    }

    private void tryTarget(Exchange x, Tried tried) {
        Target target = x.target();
        switch (health.choose(x, tried)) {
            case Choice.Chosen chosen -> tryTarget(x, tried, chosen);
            case Choice.NoKey _ ->
                refusedTarget(
                        x,
                        tried,
                        cannotBeCalled(
                                target,
                                FailureKind.NO_USABLE_KEY,
                                "no provider key is usable: each is disabled, rejected or cannot be resolved"));
            case Choice.PassedOver _ -> refusedTarget(x, tried, TargetHealth.circuitOpen(target));
        }
    }

    private void tryTarget(Exchange x, Tried tried, Choice.Chosen chosen) {
        Target target = x.target();
        NodeRecord node = health.chooseNode(x, tried);
        if (node == null) {
            health.unused(target, chosen);
            refusedTarget(x, tried, cannotBeCalled(target, FailureKind.UNBOUND, "it has no address"));
            return;
        }
        BoundKey key = chosen.key();
        if (key != null) tried.keys.add(key.id());
        tried.nodes.add(node.node());
        Attempt attempt = new Attempt(
                this, x, target, key, node, chosen.pass(), tried, plane.steady().millis());
        x.attempt = attempt;
        x.attemptsMade++;
        attempt.start();
    }

    /** The target could not even be tried. */
    private void refusedTarget(Exchange x, Tried tried, Failure failure) {
        x.failures.add(new Exchange.FailedAttempt(x.target(), failure));
        next(x, tried, failure, null);
    }

    private static Failure cannotBeCalled(Target target, FailureKind kind, String why) {
        return Failure.of(kind, "service \"" + target.service().name() + "\" cannot be called: " + why);
    }

    private void next(Exchange x, Tried tried, Failure failure, Refusal.@Nullable Shown shown) {
        boolean repeats = x.isRepeatable() || SideEffects.has(x) && !SideEffects.mayHaveHappened(failure);
        Upload upload = x.upload;
        if (upload != null && upload.hasBegun()) repeats = false;
        if (!repeats || failure.kind() == FailureKind.TOTAL_TIMEOUT || x.attemptsMade >= MAX_ATTEMPTS) {
            errors.attemptsFailed(x, shown);
            return;
        }
        Choice.Chosen otherKey = failure.kind().rotates() ? health.chooseOther(x.target(), tried) : null;
        if (otherKey != null) {
            tried.nodes.forgive();
            tryTarget(x, tried, otherKey);
        } else if (failure.kind() == FailureKind.CONNECT && hasAnotherNode(x, tried)) {
            tried.keys.clear();
            tryTarget(x, tried);
        } else if (mayRetry(x, tried, failure)) {
            retry(x, tried, failure);
        } else if (x.targetIndex + 1 < x.targets.size()
                && FallbackRule.covers(x.api().spec().fallback(), failure)) {
            x.targetIndex++;
            tried.nodes.forgive();
            tryNewTarget(x, tried.nodes);
        } else {
            lastResort(x, tried, failure, shown);
        }
    }

    private boolean mayRetry(Exchange x, Tried tried, Failure failure) {
        return failure.kind().isRetryable()
                && tried.retries < x.api().spec().retries()
                && plane.retryBudgets()
                        .spend(x.target().service(), plane.steady().millis());
    }

    private boolean hasAnotherNode(Exchange x, Tried tried) {
        return plane.nodes()
                .hasAnother(x.target().service(), tried.nodes, plane.steady().millis());
    }

    /** Nothing healthy is left: what is out of use is tried before the call is given up. */
    private void lastResort(Exchange x, Tried tried, Failure failure, Refusal.@Nullable Shown shown) {
        long now = plane.steady().millis();
        if (failure.kind() == FailureKind.CONNECT
                && plane.nodes().hasUntried(x.target().service(), tried.nodes, now)) {
            tried.keys.clear();
            tried.nodes.wantOthers();
            tryTarget(x, tried);
            return;
        }
        Choice.Chosen resting =
                failure.kind().rotates() && !tried.usedResting ? health.chooseResting(x.target(), tried) : null;
        if (resting == null) {
            errors.attemptsFailed(x, shown);
            return;
        }
        tried.usedResting = true;
        tried.nodes.forgive();
        tryTarget(x, tried, resting);
    }

    /** Tries the same target again after a pause that grows, or as long as the upstream asked for. */
    private void retry(Exchange x, Tried tried, Failure failure) {
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << tried.retries);
        pause = Math.max(
                pause / 2 + plane.random().nextLong(pause / 2 + 1),
                Math.min(failure.retryAfterMillis(), LONGEST_PAUSE_MILLIS));
        tried.retries++;
        tried.keys.clear();
        x.deadline(FailureKind.TOTAL_TIMEOUT, totalDeadline(x));
        vertx.setTimer(pause, _ -> {
            if (!x.ended) tryTarget(x, tried);
        });
    }

    static long totalDeadline(Exchange x) {
        return x.startedAtNanos + x.api().spec().totalTimeoutMs() * 1_000_000L;
    }
}
