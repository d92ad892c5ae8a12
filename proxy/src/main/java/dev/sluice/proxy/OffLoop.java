package dev.sluice.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Work that is too long for an event loop. */
public record OffLoop(Executor executor) {
    /**
     * Runs work elsewhere.
     *
     * @return what came of it, on the event loop that asked, whatever the work threw
     */
    <T> Future<T> run(Supplier<T> work) {
        Context loop = Objects.requireNonNull(Vertx.currentContext(), "only an event loop has work to give away");
        Promise<T> done = Promise.promise();
        executor.execute(() -> {
            try {
                T result = work.get();
                loop.runOnContext(_ -> done.complete(result));
            } catch (RuntimeException | StackOverflowError e) {
                loop.runOnContext(_ -> done.fail(e));
            }
        });
        return done.future();
    }
}
