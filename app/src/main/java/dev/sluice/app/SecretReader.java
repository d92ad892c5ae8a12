package dev.sluice.app;

import dev.sluice.settings.Secret;
import dev.sluice.settings.Secret.Reference;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.SecretResolver.Resolution;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads secrets at their sources, all at the same time. Safe for all threads. */
final class SecretReader {
    private final SecretResolver sources;
    private final Duration deadline;
    /** A source that hangs is waited for again, not asked again. */
    private final Map<Reference, CompletableFuture<Resolution>> underWay = new ConcurrentHashMap<>();

    /** @param deadline for all that is read at a time */
    SecretReader(SecretResolver sources, Duration deadline) {
        this.sources = sources;
        this.deadline = deadline;
    }

    /** What each has come to; fewer when the thread is interrupted. */
    Map<Reference, Resolution> read(Collection<Reference> references) {
        long end = System.nanoTime() + deadline.toNanos();
        Map<Reference, CompletableFuture<Resolution>> asked = new HashMap<>();
        for (Reference reference : references) asked.put(reference, ask(reference));
        Map<Reference, Resolution> read = new HashMap<>();
        try {
            for (Map.Entry<Reference, CompletableFuture<Resolution>> each : asked.entrySet())
                read.put(each.getKey(), await(each.getKey(), each.getValue(), end));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return read;
    }

    private CompletableFuture<Resolution> ask(Reference reference) {
        CompletableFuture<Resolution> mine = new CompletableFuture<>();
        CompletableFuture<Resolution> other = underWay.putIfAbsent(reference, mine);
        if (other != null) return other;
        Thread.ofVirtual().name("sluice-secret").start(() -> {
            Resolution resolution = resolve(reference);
            // In this order: whoever was told asks the source anew.
            underWay.remove(reference);
            mine.complete(resolution);
        });
        return mine;
    }

    private Resolution resolve(Reference reference) {
        try {
            return sources.resolve(reference);
        } catch (RuntimeException | Error e) {
            return new Resolution.Missing(
                    reference + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private Resolution await(Secret reference, CompletableFuture<Resolution> answer, long end)
            throws InterruptedException {
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return new Resolution.Missing(reference + " was not read within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a source completes with a resolution", e);
        }
    }
}
