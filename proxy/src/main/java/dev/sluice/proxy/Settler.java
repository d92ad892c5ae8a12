package dev.sluice.proxy;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Prices;
import dev.sluice.settings.snapshot.Route;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.limits.Reservation;
import dev.sluice.traffic.routing.Target;
import dev.sluice.traffic.usage.Delivery;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.PriceList;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.Settlement;
import dev.sluice.traffic.usage.UsageRecord;
import java.util.concurrent.TimeUnit;

/** The one place where a call ends: charges it, gives its reservation back and writes its usage record, exactly once. */
final class Settler {
    private static final System.Logger LOG = System.getLogger(Settler.class.getName());

    private final DataPlane plane;
    private final Deadlines deadlines;

    Settler(DataPlane plane, Deadlines deadlines) {
        this.plane = plane;
        this.deadlines = deadlines;
    }

    /**
     * Ends a call. Only the first call for an exchange has an effect.
     *
     * @param status what the client got
     * @param failure label of what ended the call, empty for success
     */
    void end(Exchange x, Outcome outcome, int status, String failure) {
        if (x.ended) return;
        x.ended = true;
        deadlines.forget(x);
        plane.load().ended();
        long endedAtNanos = System.nanoTime();
        if (x.guest != null) x.guest.ended(endedAtNanos);
        Units units = CallUnits.of(x);
        x.forgetRequest(plane.load());
        plane.load().letGo(x);
        plane.load().waitsNoLonger(x);
        // A client may be slow to take the end of its answer: what it was made from is of no use any more.
        x.attempt = null;
        Delivery delivery = new Delivery(
                outcome,
                x.reportedUsage,
                units,
                x.sent,
                x.head == null ? TextSample.EMPTY : x.head.input(),
                x.delivered,
                x.answeredBy == null ? x.askedModel() : x.answeredBy.model());
        if (needsEstimate(x, outcome, units)) {
            plane.offLoop().executor().execute(() -> settle(x, delivery, outcome, status, failure, endedAtNanos));
        } else {
            settle(x, delivery, outcome, status, failure, endedAtNanos);
        }
        Upload upload = x.upload;
        if (upload != null) upload.abandon();
    }

    /** The client closed its connection. */
    void clientLeft(Exchange x) {
        end(x, Outcome.CLIENT_LEFT, FailureKind.CLIENT_LEFT.status(), FailureKind.CLIENT_LEFT.label());
    }

    /**
     * Charges a turn of a session that goes on. Its reservation is the caller's business.
     *
     * @param number from 1
     */
    void turn(Exchange x, Usage used, int number, long beganAtMillis) {
        Target target = x.answeredBy;
        if (target == null) return;
        PriceList.Cost cost = PriceList.cost(
                x.snapshot.prices(x.api().tenant()), target.service(), target.model(), used, Units.NONE, beganAtMillis);
        plane.ledger()
                .append(part(
                        x,
                        target,
                        UsageRecord.turnId(x.id, number),
                        beganAtMillis,
                        x.askedModel(),
                        target.model(),
                        used,
                        Units.NONE,
                        Provenance.REPORTED,
                        cost));
    }

    private static boolean needsEstimate(Exchange x, Outcome outcome, Units units) {
        if (!x.sent || outcome == Outcome.REFUSED || x.head == null || x.isCount()) return false;
        if (Jobs.outlives(x, outcome)) return false;
        if (!units.isNone() && x.reportedUsage == null) return false;
        return x.reportedUsage == null || outcome != Outcome.COMPLETED;
    }

    private void settle(Exchange x, Delivery delivery, Outcome outcome, int status, String failure, long endedAtNanos) {
        Units units = delivery.units();
        Settlement settled = Jobs.outlives(x, outcome) ? Settlement.NOTHING : settlement(x, delivery);
        Jobs.paid(x, plane.jobs(), settled.usage());
        long now = plane.steady().millis();
        Reservation reservation = x.reservation;
        long ofJobs = x.jobs.isEmpty() ? 0 : chargeJobs(x);
        if (reservation != null) reservation.settle(settled.usage().totalTokens() + ofJobs, now);
        plane.ledger().append(record(x, settled, units, outcome, status, failure, endedAtNanos));
    }

    /** What can be told of the call; it is settled even if nothing can. */
    private Settlement settlement(Exchange x, Delivery delivery) {
        if (x.head == null && delivery.units().isNone() || x.isCount()) return Settlement.NOTHING;
        try {
            return Settlement.of(delivery, plane.tokenizer());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "the tokens of call " + x.id + " cannot be estimated", e);
            return Settlement.NOTHING;
        }
    }

    /** Batches and tasks that the answer told of: each has a record of its own. */
    private long chargeJobs(Exchange x) {
        Target target = x.answeredBy;
        if (target == null) return 0;
        long tokens = 0;
        for (JobUsage whole : x.jobs) {
            String id = Jobs.id(x, target.service(), whole);
            if (!plane.jobs().charges(id)) continue;
            JobUsage job = whole.less(plane.jobs().paid(id));
            tokens += job.usage().totalTokens();
            plane.ledger().append(record(x, target, job, id));
        }
        return tokens;
    }

    private UsageRecord record(Exchange x, Target target, JobUsage job, String id) {
        String tenant = x.api().tenant();
        BoundService service = target.service();
        String begunWith = plane.jobs().model(id);
        String model = begunWith.isEmpty() ? job.model() : begunWith;
        Prices prices = x.snapshot.prices(tenant);
        PriceList.Cost cost = Jobs.areBatches(x)
                ? PriceList.costOfBatch(prices, service, model, job.usage(), job.units(), x.startedAtMillis)
                : PriceList.cost(prices, service, model, job.usage(), job.units(), x.startedAtMillis);
        return part(
                x,
                target,
                id,
                x.startedAtMillis,
                model,
                model,
                job.usage(),
                job.units(),
                job.isComplete() ? Provenance.REPORTED : Provenance.ESTIMATED,
                cost);
    }

    /** The record of something that is no call but belongs to one. */
    private static UsageRecord part(
            Exchange x,
            Target target,
            String id,
            long beganAtMillis,
            String askedModel,
            String model,
            Usage usage,
            Units units,
            Provenance provenance,
            PriceList.Cost cost) {
        Caller caller = x.caller;
        BoundKey key = x.answeredWith;
        return new UsageRecord(
                id,
                beganAtMillis,
                x.api().tenant(),
                x.api().name(),
                x.operation().name(),
                target.service().name(),
                target.service().provider().id(),
                key == null ? "" : key.name(),
                askedModel,
                model,
                caller == null ? "" : caller.key().name(),
                caller == null ? "" : caller.keyId(),
                caller == null ? "" : caller.consumer().name(),
                usage,
                units,
                provenance,
                cost.micros(),
                cost.currency(),
                Outcome.COMPLETED,
                x.response.getStatusCode(),
                "",
                0,
                -1,
                0,
                false,
                0,
                0,
                x.remoteIp());
    }

    private UsageRecord record(
            Exchange x,
            Settlement settled,
            Units units,
            Outcome outcome,
            int status,
            String failure,
            long endedAtNanos) {
        Target target = x.answeredBy;
        Caller caller = x.caller;
        Route route = x.route;
        BoundKey key = x.answeredWith;
        String provider = target == null ? "" : target.service().provider().id();
        String model = target == null ? x.askedModel() : target.model();
        PriceList.Cost cost = target == null || settled.usage().totalTokens() == 0 && units.isNone()
                ? PriceList.Cost.UNKNOWN
                : PriceList.cost(
                        x.snapshot.prices(target.service().tenant()),
                        target.service(),
                        model,
                        settled.usage(),
                        units,
                        x.startedAtMillis);
        return new UsageRecord(
                x.id,
                x.startedAtMillis,
                route == null ? "" : route.api().tenant(),
                route == null ? "" : route.api().name(),
                route == null ? "" : route.operation().name(),
                target == null ? "" : target.service().name(),
                provider,
                key == null ? "" : key.name(),
                x.askedModel(),
                model,
                caller == null ? "" : caller.key().name(),
                caller == null ? "" : caller.keyId(),
                caller == null ? "" : caller.consumer().name(),
                settled.usage(),
                units,
                settled.provenance(),
                cost.micros(),
                cost.currency(),
                outcome,
                status,
                failure,
                x.attemptsMade,
                x.firstContentNanos == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(x.firstContentNanos - x.startedAtNanos),
                TimeUnit.NANOSECONDS.toMillis(endedAtNanos - x.startedAtNanos),
                x.streamed,
                x.bufferedBytes + x.streamedBytes,
                x.responseBytes,
                x.remoteIp());
    }
}
