package dev.sluice.app;

import dev.sluice.app.observe.CallMetrics;
import dev.sluice.proxy.DataPlane;
import dev.sluice.proxy.Load;
import dev.sluice.proxy.Refusals;
import dev.sluice.store.Store;
import dev.sluice.traffic.limits.Limiter;

/** The gauges of a gateway: each reads its value when it is asked. */
final class Gauges {
    private Gauges() {}

    static void ofCalls(CallMetrics metrics, Load load, Limiter limiter, Store store) {
        metrics.gauge("sluice.calls.in.flight", "Calls under way", load, Load::callsInFlight);
        metrics.gauge(
                "sluice.reservations.in.flight",
                "Reservations of limits and quotas that are not settled",
                limiter,
                Limiter::reservations);
        metrics.gauge("sluice.client.connections", "Connections of clients that are open", load, Load::connections);
        metrics.gauge(
                "sluice.request.bytes.buffered",
                "Request bodies, long answers and what slow clients have not taken, in memory",
                load,
                Load::bufferedBytes);
        metrics.gauge(
                "sluice.journal.lost",
                "Usage records that could not be kept",
                store,
                s -> s.state().journal().lost().records());
        metrics.gauge(
                "sluice.journal.waiting",
                "Usage records in memory that are not on the disk yet",
                store,
                s -> s.state().journal().queued());
        metrics.gauge(
                "sluice.journal.failing",
                "1 while usage records cannot be written to the disk",
                store,
                s -> s.state().journal().problem().isPresent() ? 1 : 0);
        metrics.gauge(
                "sluice.journal.bytes",
                "Bytes of usage records that are not in the store yet",
                store,
                s -> s.state().journal().bytes());
    }

    static void ofRefusals(CallMetrics metrics, Refusals refusals) {
        for (Refusals.Reason reason : Refusals.Reason.values()) {
            metrics.counter(
                    "sluice.requests.refused",
                    "Requests that were refused for their form, before they became calls",
                    "reason",
                    reason.label(),
                    refusals,
                    r -> r.count(reason));
        }
    }

    static void ofHealth(CallMetrics metrics, DataPlane plane) {
        metrics.gauge(
                "sluice.nodes.out",
                "Nodes of services that are out of use",
                plane,
                p -> p.nodes().outOfUse(p.steady().millis()));
        metrics.gauge(
                "sluice.sources.degraded",
                "Services whose nodes may not be the newest",
                plane,
                p -> p.nodes().degraded());
        metrics.gauge(
                "sluice.circuits.open",
                "Circuits that are open or half open",
                plane,
                p -> p.circuits().notClosed());
        metrics.gauge(
                "sluice.retries.denied",
                "Retries that the budgets of services did not allow, since the start",
                plane,
                p -> p.retryBudgets().denied());
    }
}
