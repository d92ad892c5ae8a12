package dev.sluice.proxy;

import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of all calls on one event loop. A call moves its deadline by setting a field; a tick looks at all of
 * them, which for thousands of calls is cheaper than a timer each that is set anew with every chunk.
 */
final class Deadlines {
    private static final long TICK_MILLIS = 20;

    private final Vertx vertx;
    private @Nullable Exchange first;
    private long timer = -1;

    Deadlines(Vertx vertx) {
        this.vertx = vertx;
    }

    void watch(Exchange x) {
        Exchange head = first;
        x.next = head;
        if (head != null) head.previous = x;
        first = x;
        if (timer < 0) timer = vertx.setPeriodic(TICK_MILLIS, this::tick);
    }

    void forget(Exchange x) {
        Exchange before = x.previous;
        Exchange after = x.next;
        if (before != null) before.next = after;
        else if (first == x) first = after;
        if (after != null) after.previous = before;
        x.previous = null;
        x.next = null;
    }

    private void tick(Long id) {
        if (first == null) {
            vertx.cancelTimer(id);
            timer = -1;
            return;
        }
        long now = System.nanoTime();
        Exchange x = first;
        while (x != null) {
            Exchange following = x.next;
            if (x.deadlineNanos - now <= 0) x.expired();
            x = following;
        }
    }
}
