package dev.sluice.simulator;

import dev.sluice.simulator.voice.Header;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * Plays a plan to one client. Runs on the event loop of the connection from start to end; has at most one timer, which goes with
 * the connection. Every step is due at a time counted from the first, so that late timers do not add up.
 */
final class Performance {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NO_TIMER = -1;

    /** What a performance reports to; told exactly once. */
    interface Audience {
        void progressed(LiveCall call);

        void ended(Performance performance, LiveCall call, Outcome outcome);
    }

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Plan plan;
    private final LiveCall call;
    private final Audience audience;
    private long dueNanos;
    private int next;
    private boolean waited;
    // Written by the event loop, read by tests that look for timers left behind.
    private volatile long timer = NO_TIMER;
    private boolean ended;

    Performance(Vertx vertx, HttpServerRequest request, Plan plan, LiveCall call, Audience audience) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.plan = plan;
        this.call = call;
        this.audience = audience;
    }

    void start() {
        response.closeHandler(_ -> gone());
        response.exceptionHandler(_ -> gone());
        dueNanos = System.nanoTime() + plan.headWaitNanos();
        if (plan.headWaitNanos() > 0) {
            whenDue(plan.headWaitNanos(), this::head);
        } else {
            head();
        }
    }

    /** Ends a call that is still open, because the simulator is closed. */
    void interrupt() {
        end(Outcome.CUT);
    }

    boolean isWaiting() {
        return timer != NO_TIMER;
    }

    private void gone() {
        end(Outcome.CANCELLED);
    }

    private void whenDue(long remainingNanos, Runnable then) {
        timer = vertx.setTimer(Math.max(1, Math.ceilDiv(remainingNanos, NANOS_PER_MILLI)), _ -> {
            timer = NO_TIMER;
            if (!ended) {
                then.run();
            }
        });
    }

    private void head() {
        switch (plan.before()) {
            case ANSWER -> writeHead();
            case RESET -> {
                end(Outcome.CUT);
                reset();
            }
            case CLOSE -> {
                end(Outcome.CUT);
                close();
            }
            // The client ends it.
            case HANG -> {}
        }
    }

    private void writeHead() {
        response.setStatusCode(plan.status());
        for (Header header : plan.headers()) {
            response.headers().add(header.name(), header.value());
        }
        if (plan.isOneWrite()) {
            finish(plan.steps().getFirst());
            return;
        }
        if (plan.contentLength() >= 0) {
            response.putHeader("content-length", Long.toString(plan.contentLength()));
        } else {
            response.setChunked(true);
        }
        boolean bodyLater = plan.steps().isEmpty() || plan.steps().getFirst().waitNanos() > 0;
        if (bodyLater && !(plan.steps().isEmpty() && plan.ending() == Plan.End.COMPLETE)) {
            response.writeHead();
        }
        play();
    }

    /** Writes until the next step is not due yet or the client reads too slowly. */
    private void play() {
        while (!ended && next < plan.steps().size()) {
            Step step = plan.steps().get(next);
            if (step.waitNanos() > 0 && !waited) {
                waited = true;
                dueNanos += step.waitNanos();
            }
            long remaining = step.waitNanos() == 0 ? 0 : dueNanos - System.nanoTime();
            if (remaining > 0) {
                whenDue(remaining, this::play);
                return;
            }
            if (response.writeQueueFull()) {
                response.drainHandler(_ -> {
                    response.drainHandler(null);
                    play();
                });
                return;
            }
            waited = false;
            next++;
            boolean last = next == plan.steps().size();
            if (last && plan.ending() == Plan.End.COMPLETE) {
                finish(step);
                return;
            }
            Future<Void> written = response.write(step.bytes());
            call.sent(step);
            audience.progressed(call);
            if (last) {
                breakOff(written);
                return;
            }
        }
        if (!ended && plan.steps().isEmpty()) {
            if (plan.ending() == Plan.End.COMPLETE) {
                finish(null);
            } else {
                breakOff(response.write(Buffer.buffer()));
            }
        }
    }

    private void finish(@Nullable Step last) {
        if (last != null) {
            call.sent(last);
        }
        // Counted first: whoever has seen the end of the answer finds it in the totals.
        end(plan.outcome());
        if (last == null) {
            response.end();
        } else {
            response.end(last.bytes());
        }
    }

    /** Ends the connection once everything before is out. */
    private void breakOff(Future<Void> written) {
        switch (plan.ending()) {
            case SILENCE, COMPLETE -> {}
            case CLOSE -> after(written, _ -> close());
            case RESET -> after(written, _ -> reset());
        }
    }

    private void after(Future<Void> written, Handler<Void> then) {
        written.onComplete(_ -> {
            if (!ended) {
                end(Outcome.CUT);
                then.handle(null);
            }
        });
    }

    private void end(Outcome outcome) {
        if (ended) {
            return;
        }
        ended = true;
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
        audience.ended(this, call, outcome);
    }

    private void close() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(0);
        } else {
            request.connection().close();
        }
    }

    /** Ends the TCP connection with RST; with HTTP/2, where others share the connection, only the stream. */
    private void reset() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(2);
            return;
        }
        Channel channel = ((ConnectionBase) request.connection()).channel();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        var _ = channel.close();
    }
}
