package dev.sluice.proxy;

import dev.sluice.settings.ModelApi;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.failure.FallbackRule;
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
    private static final byte[] NO_BODY = new byte[0];

    private final Vertx vertx;
    private final UpstreamClient client;
    private final DataPlane plane;
    private final ProxyOptions options;
    private final ErrorAnswer errors;
    private final Settler settler;

    /** What has been tried on the current target. */
    static final class Tried {
        final Set<String> keys = new HashSet<>(2);
        final Set<Node> nodes = new HashSet<>(2);
        int retries;
    }

    Attempts(
            Vertx vertx,
            UpstreamClient client,
            DataPlane plane,
            ProxyOptions options,
            ErrorAnswer errors,
            Settler settler) {
        this.vertx = vertx;
        this.client = client;
        this.plane = plane;
        this.options = options;
        this.errors = errors;
        this.settler = settler;
    }

    void begin(Exchange x) {
        x.targetIndex = 0;
        tryTarget(x, new Tried(), null);
    }

    /** One attempt has failed before anything went to the client. */
    void failed(Exchange x, Attempt attempt, Failure failure) {
        if (x.ended) return;
        x.attempt = null;
        x.answeredBy = attempt.target();
        x.answeredWith = attempt.key();
        x.failures.add(new Exchange.FailedAttempt(attempt.target(), failure));
        BoundKey key = attempt.key();
        if (key != null) plane.keys().failed(key, failure, plane.clock().millis());
        next(x, attempt.tried(), failure, attempt.errorBody(), attempt.errorContentType());
    }

    UpstreamClient client() {
        return client;
    }

    DataPlane plane() {
        return plane;
    }

    ProxyOptions options() {
        return options;
    }

    Settler settler() {
        return settler;
    }

    /** @param chosen the key to use, null to choose one */
    private void tryTarget(Exchange x, Tried tried, @Nullable BoundKey chosen) {
        Target target = x.target();
        BoundService service = target.service();
        BoundKey key = chosen;
        if (key == null && service.needsKey()) {
            key = chooseKey(service, tried);
            if (key == null) {
                refusedTarget(
                        x,
                        tried,
                        target,
                        FailureKind.NO_USABLE_KEY,
                        "no provider key is usable: each is disabled, rejected or cannot be resolved");
                return;
            }
        }
        Node node = plane.nodes().begin(service, tried.nodes);
        if (node == null) {
            refusedTarget(x, tried, target, FailureKind.UNBOUND, "it has no address");
            return;
        }
        if (key != null) tried.keys.add(key.id());
        tried.nodes.add(node);
        Attempt attempt = new Attempt(this, x, target, key, node, tried);
        x.attempt = attempt;
        x.attemptsMade++;
        attempt.start();
    }

    /** The target could not even be tried. */
    private void refusedTarget(Exchange x, Tried tried, Target target, FailureKind kind, String why) {
        Failure failure = Failure.of(kind, "service \"" + target.service().name() + "\" cannot be called: " + why);
        x.failures.add(new Exchange.FailedAttempt(target, failure));
        next(x, tried, failure, NO_BODY, "");
    }

    private void next(Exchange x, Tried tried, Failure failure, byte[] errorBody, String errorContentType) {
        ModelApi api = x.api().spec();
        boolean stop = failure.kind() == FailureKind.TOTAL_TIMEOUT || x.attemptsMade >= MAX_ATTEMPTS;
        BoundKey otherKey =
                !stop && failure.kind().rotates() ? chooseKey(x.target().service(), tried) : null;
        if (stop) {
            errors.attemptsFailed(x, errorBody, errorContentType);
        } else if (otherKey != null) {
            tried.nodes.clear();
            tryTarget(x, tried, otherKey);
        } else if (failure.kind() == FailureKind.CONNECT && hasUntriedNode(x, tried)) {
            tried.keys.clear();
            tryTarget(x, tried, null);
        } else if (failure.kind().isRetryable() && tried.retries < api.retries()) {
            retry(x, tried, failure);
        } else if (x.targetIndex + 1 < x.targets.size() && FallbackRule.covers(api.fallback(), failure)) {
            x.targetIndex++;
            tryTarget(x, new Tried(), null);
        } else {
            errors.attemptsFailed(x, errorBody, errorContentType);
        }
    }

    private @Nullable BoundKey chooseKey(BoundService service, Tried tried) {
        return plane.keys().choose(service, tried.keys, plane.clock().millis());
    }

    private static boolean hasUntriedNode(Exchange x, Tried tried) {
        return tried.nodes.size() < x.target().service().nodes().size();
    }

    /** Tries the same target again after a pause that grows, or as long as the upstream asked for. */
    private void retry(Exchange x, Tried tried, Failure failure) {
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << tried.retries);
        pause = Math.max(
                pause / 2 + plane.random().nextLong(pause / 2 + 1),
                Math.min(failure.retryAfterMillis(), LONGEST_PAUSE_MILLIS));
        tried.retries++;
        tried.keys.clear();
        tried.nodes.clear();
        x.deadline(FailureKind.TOTAL_TIMEOUT, totalDeadline(x));
        vertx.setTimer(pause, _ -> {
            if (!x.ended) tryTarget(x, tried, null);
        });
    }

    static long totalDeadline(Exchange x) {
        return x.startedAtNanos + x.api().spec().totalTimeoutMs() * 1_000_000L;
    }
}
