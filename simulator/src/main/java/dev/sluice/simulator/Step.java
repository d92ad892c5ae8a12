package dev.sluice.simulator;

import dev.sluice.protocol.Usage;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One write of a performance.
 *
 * @param waitNanos time to wait since the step before
 * @param endsEvent whether an event of the answer is complete with this write
 * @param content whether that event delivers content
 * @param tokens output tokens delivered with this write
 * @param reported usage told with this write; null when none is
 */
record Step(
        Buffer bytes,
        long waitNanos,
        boolean endsEvent,
        boolean content,
        int tokens,
        @Nullable Usage reported) {}
