package dev.sluice.app;

import dev.sluice.proxy.DataPlane;
import dev.sluice.proxy.Edge;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Settings;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.store.Store;
import dev.sluice.store.sql.StoreException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What a gateway does by the clock, on threads of its own: forgets what is gone, follows the store and files, prunes. */
final class Upkeep implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final long SWEEP_SECONDS = 30;
    private static final long REFRESH_SECONDS = 60;
    private static final long RETRY_SECONDS = 10;
    private static final long PRUNE_HOURS = 6;
    private static final long CERTIFICATE_SECONDS = 2;
    private static final long RENEWAL_SECONDS = 10;

    /** Two may wait for the sources of secrets, and one for the rest. */
    private static final int THREADS = 3;

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("sluice-upkeep").factory());
    private final LongAdder failures = new LongAdder();

    void follow(
            Store store,
            Publisher publisher,
            DataPlane plane,
            NodeSources sources,
            AtomicReference<String> storeProblem) {
        every(SWEEP_SECONDS, () -> {
            // A service that is switched off begins anew when it is switched on.
            Set<String> serving =
                    publisher.get().services().stream().map(BoundService::id).collect(Collectors.toSet());
            plane.limiter().sweep(plane.steady().millis(), publisher.ids(Kind.API_KEY)::contains);
            plane.keys().retain(publisher.ids(Kind.PROVIDER_KEY)::contains, serving::contains);
            plane.nodes().retain(serving::contains);
            plane.circuits().sweep(serving::contains, plane.steady().millis());
            plane.retryBudgets().retain(serving::contains);
        });
        every(REFRESH_SECONDS, publisher::refreshSecrets);
        every(RETRY_SECONDS, publisher::retrySecrets);
        every(1, () -> followStore(store, publisher, storeProblem));
        every(1, () -> sources.follow(publisher.get()));
        every(
                TimeUnit.HOURS.toSeconds(PRUNE_HOURS),
                () -> store.prune(plane.clock().instant()));
    }

    void follow(CertificateFolder certificates, List<Edge> edges) {
        every(CERTIFICATE_SECONDS, () -> takeUp(certificates, edges));
    }

    /** Work under way is interrupted. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Takes up changed certificates; a folder that is not in order changes nothing. */
    private static void takeUp(CertificateFolder certificates, List<Edge> edges) {
        try {
            boolean news = certificates.reload(newest -> {
                for (Edge edge : edges) {
                    edge.renew(newest)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .orTimeout(RENEWAL_SECONDS, TimeUnit.SECONDS)
                            .join();
                }
            });
            if (news) LOG.log(Level.INFO, "certificates of " + certificates.folder() + " are in use");
        } catch (StartException e) {
            LOG.log(Level.WARNING, "the certificates in use stay: " + String.join("; ", e.problems()));
        }
    }

    /** Takes the store into use when it is back, and settings that another process has written to it. */
    private static void followStore(Store store, Publisher publisher, AtomicReference<String> storeProblem) {
        try {
            Settings newest = store.settings().current();
            storeProblem.set("");
            publisher.seedOwedQuotas();
            if (newest.revision() > publisher.get().revision()) publisher.publish(newest);
        } catch (StoreException e) {
            storeProblem.set(String.valueOf(e.getMessage()));
        }
    }

    private void every(long seconds, Runnable work) {
        every(Duration.ofSeconds(seconds), work);
    }

    void every(Duration pause, Runnable work) {
        var _ = timer.scheduleWithFixedDelay(new Task(work), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Rounds of work that failed, since the start. */
    long failures() {
        return failures.sum();
    }

    /** Work that is done again and again. Whatever fails is tried again the next time: the timer would forget work that throws. */
    private final class Task implements Runnable {
        private final Runnable work;
        private boolean failing;

        Task(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            try {
                work.run();
                failing = false;
            } catch (RuntimeException | Error e) {
                if (timer.isShutdown()) return;
                failures.increment();
                if (!failing) LOG.log(Level.WARNING, "upkeep failed, and is tried again", e);
                failing = true;
            }
        }
    }
}
