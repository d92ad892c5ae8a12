package dev.sluice.proxy;

import dev.sluice.settings.Service;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.failure.FallbackRule;
import dev.sluice.traffic.health.Circuits;
import dev.sluice.traffic.health.HashKey;
import dev.sluice.traffic.health.NodeRecord;
import dev.sluice.traffic.routing.Target;
import org.jspecify.annotations.Nullable;

/**
 * Picks key and node of an attempt and tells those who keep score of keys, nodes and circuits how it ended; each attempt
 * ends here exactly once.
 */
final class TargetHealth {
    private final DataPlane plane;

    /** Key and circuit pass for an attempt, or why there is none. */
    sealed interface Choice {
        /** @param key null for a service without keys */
        record Chosen(@Nullable BoundKey key, int pass) implements Choice {}

        record NoKey() implements Choice {}

        /** Most calls have failed lately, and another target can take this one. */
        record PassedOver() implements Choice {}
    }

    TargetHealth(DataPlane plane) {
        this.plane = plane;
    }

    /** For the first attempt at a target, and when it is tried again. */
    Choice choose(Exchange x, Attempts.Tried tried) {
        long now = plane.steady().millis();
        Target target = x.target();
        BoundService service = target.service();
        BoundKey key = null;
        if (service.needsKey()) {
            key = plane.keys().choose(service, tried.keys, now);
            if (key == null) return new Choice.NoKey();
        }
        int pass = plane.circuits().enter(service, key, target.model(), now);
        if (pass != Circuits.REFUSED) return new Choice.Chosen(key, pass);
        Choice.Chosen other = ofClosedCircuits(target, tried, now);
        if (other != null) {
            if (key != null) plane.keys().abandoned(key, now);
            return other;
        }
        if (hasBetter(x, now)) {
            if (key != null) plane.keys().abandoned(key, now);
            return new Choice.PassedOver();
        }
        // All circuits are open: trying the best beats refusing.
        return new Choice.Chosen(key, plane.circuits().force());
    }

    /** Another key of the target for a call that one key was refused for; null if there is none. */
    Choice.@Nullable Chosen chooseOther(Target target, Attempts.Tried tried) {
        return ofClosedCircuits(target, tried, plane.steady().millis());
    }

    /** A key that rests, for a call that nothing else is left for; null if there is none. */
    Choice.@Nullable Chosen chooseResting(Target target, Attempts.Tried tried) {
        BoundKey key = plane.keys()
                .chooseResting(target.service(), tried.keys, plane.steady().millis());
        return key == null ? null : new Choice.Chosen(key, plane.circuits().force());
    }

    @Nullable
    NodeRecord chooseNode(Exchange x, Attempts.Tried tried) {
        BoundService service = x.target().service();
        return plane.nodes()
                .begin(service, tried.nodes, hashKey(x, service), plane.steady().millis());
    }

    /** The attempt could not be made after all. */
    void unused(Target target, Choice.Chosen chosen) {
        BoundKey key = chosen.key();
        if (key != null) plane.keys().abandoned(key, plane.steady().millis());
        plane.circuits().abandoned(target.service(), key, target.model(), chosen.pass());
    }

    /** The answer has begun to come. True when with this all is said about the circuit, unless the attempt still fails. */
    boolean answered(Attempt attempt) {
        BoundKey key = attempt.key();
        Target target = attempt.target();
        if (key != null) plane.keys().answered(key, attempt.beganAtMillis());
        return plane.circuits().answered(target.service(), key, target.model(), attempt.pass());
    }

    void succeeded(Attempt attempt) {
        Target target = attempt.target();
        BoundKey key = attempt.key();
        long now = plane.steady().millis();
        plane.nodes().succeeded(target.service(), attempt.served(), now);
        if (key != null) plane.keys().succeeded(key, attempt.beganAtMillis());
        if (attempt.handover().isProbePassed()) return;
        plane.circuits().succeeded(target.service(), key, target.model(), attempt.pass(), now);
    }

    void failed(Attempt attempt, Failure failure) {
        nodeAndKeyFailed(attempt, failure);
        Target target = attempt.target();
        if (failure.kind().blame() != FailureKind.Blame.NOBODY) {
            plane.circuits()
                    .failed(
                            target.service(),
                            attempt.key(),
                            target.model(),
                            attempt.pass(),
                            plane.steady().millis());
        } else {
            circuitAbandoned(attempt);
        }
    }

    /** The attempt failed and another node can mend it: that is no matter of the key and the model. */
    void failedOnOneNode(Attempt attempt, Failure failure) {
        nodeAndKeyFailed(attempt, failure);
        circuitAbandoned(attempt);
    }

    void abandoned(Attempt attempt) {
        BoundKey key = attempt.key();
        plane.nodes().abandoned(attempt.served());
        if (key != null) plane.keys().abandoned(key, attempt.beganAtMillis());
        circuitAbandoned(attempt);
    }

    static Failure circuitOpen(Target target) {
        return Failure.of(
                FailureKind.CIRCUIT_OPEN,
                "service \"" + target.service().name() + "\" was passed over for model \"" + target.model()
                        + "\": most calls have failed lately (health.breaker)");
    }

    private void nodeAndKeyFailed(Attempt attempt, Failure failure) {
        BoundKey key = attempt.key();
        long now = plane.steady().millis();
        plane.nodes().failed(attempt.target().service(), attempt.served(), failure.kind(), now);
        if (key != null) plane.keys().failed(key, failure, attempt.beganAtMillis(), now);
    }

    private void circuitAbandoned(Attempt attempt) {
        if (attempt.handover().isProbePassed()) return;
        Target target = attempt.target();
        plane.circuits().abandoned(target.service(), attempt.key(), target.model(), attempt.pass());
    }

    private Choice.@Nullable Chosen ofClosedCircuits(Target target, Attempts.Tried tried, long now) {
        BoundService service = target.service();
        // A circuit that was about to let a call through may have let another one through meanwhile.
        for (int i = 0; i < service.keys().size(); i++) {
            BoundKey key = plane.keys().choose(service, tried.keys, k -> lets(target, k, now), now);
            if (key == null) return null;
            int pass = plane.circuits().enter(service, key, target.model(), now);
            if (pass != Circuits.REFUSED) return new Choice.Chosen(key, pass);
            plane.keys().abandoned(key, now);
        }
        return null;
    }

    /** Whether a later target may take over whose circuit is not open. */
    private boolean hasBetter(Exchange x, long now) {
        if (!FallbackRule.covers(x.api().spec().fallback(), circuitOpen(x.target()))) return false;
        for (int i = x.targetIndex + 1; i < x.targets.size(); i++) {
            Target target = x.targets.get(i);
            BoundService service = target.service();
            boolean usable = service.needsKey()
                    ? plane.keys().hasUsable(service, k -> lets(target, k, now), now)
                    : lets(target, null, now);
            if (usable) return true;
        }
        return false;
    }

    private boolean lets(Target target, @Nullable BoundKey key, long now) {
        return plane.circuits().lets(target.service(), key, target.model(), now);
    }

    private static long hashKey(Exchange x, BoundService service) {
        Service.Balance balance = service.spec().balance();
        String by = balance.hashBy();
        if (by == null || balance.policy() != Service.BalancePolicy.CONSISTENT_HASH) return HashKey.NONE;
        if (by.equals(Service.Balance.BY_CONSUMER)) {
            return x.caller == null ? HashKey.NONE : HashKey.of(x.caller.consumerId());
        }
        if (by.equals(Service.Balance.BY_PROMPT_PREFIX)) {
            return x.head == null ? HashKey.NONE : HashKey.of(x.head.input().head(), HashKey.PROMPT_BYTES);
        }
        String value = x.request.getHeader(by.substring(Service.Balance.BY_HEADER.length()));
        return value == null ? HashKey.NONE : HashKey.of(value);
    }
}
