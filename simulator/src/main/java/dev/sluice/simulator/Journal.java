package dev.sluice.simulator;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The calls that the simulator received, in the order of arrival, with what became of them. Bounded: the oldest calls are dropped. Safe for
 * all threads; futures are completed on an event loop of the simulator, so what depends on them must not block.
 */
public final class Journal {
    private final int mostCalls;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<LiveCall> calls = new ArrayDeque<>();
    private final CopyOnWriteArrayList<Waiter> waiters = new CopyOnWriteArrayList<>();
    private long bytes;

    private record Waiter(Predicate<ReceivedCall> wanted, CompletableFuture<ReceivedCall> found) {}

    Journal(int mostCalls, long mostBytes) {
        this.mostCalls = mostCalls;
        this.mostBytes = mostBytes;
    }

    /** The calls as they are now, the oldest first. */
    public List<ReceivedCall> calls() {
        return snapshot().stream().map(LiveCall::received).toList();
    }

    /** The newest call. */
    public ReceivedCall last() {
        List<LiveCall> all = snapshot();
        if (all.isEmpty()) {
            throw new IllegalStateException("the journal is empty (expected: at least one call)");
        }
        return all.getLast().received();
    }

    public int size() {
        lock.lock();
        try {
            return calls.size();
        } finally {
            lock.unlock();
        }
    }

    /** Completes with the first call, past or to come, that is or becomes what is wanted. */
    public CompletableFuture<ReceivedCall> await(Predicate<ReceivedCall> wanted) {
        Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
        waiters.add(waiter);
        // Looked at after the waiter can be found, so that no change falls between the two.
        for (LiveCall call : snapshot()) {
            offer(waiter, call);
        }
        return waiter.found();
    }

    /** Completes when the call of this number has arrived. */
    public CompletableFuture<ReceivedCall> awaitArrival(long number) {
        return await(call -> call.number() == number);
    }

    /** Completes when the call of this number has its outcome. */
    public CompletableFuture<ReceivedCall> awaitOutcome(long number) {
        return await(call -> call.number() == number && !call.isOpen());
    }

    /** Completes when the client has cancelled the call of this number. */
    public CompletableFuture<ReceivedCall> awaitCancellation(long number) {
        return await(call -> call.number() == number && call.isCancelled());
    }

    /** Forgets all calls. Their numbers are not given again. */
    public void clear() {
        lock.lock();
        try {
            calls.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    void add(LiveCall call) {
        if (mostCalls > 0) {
            keep(call);
        }
        changed(call);
    }

    private void keep(LiveCall call) {
        lock.lock();
        try {
            calls.addLast(call);
            bytes += call.size();
            while (calls.size() > mostCalls || (bytes > mostBytes && calls.size() > 1)) {
                bytes -= calls.removeFirst().size();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells whoever waits that a call has changed; costs next to nothing when nobody does. */
    void changed(LiveCall call) {
        if (!waiters.isEmpty()) {
            waiters.forEach(waiter -> offer(waiter, call));
        }
    }

    private void offer(Waiter waiter, LiveCall call) {
        if (!waiter.found().isDone()) {
            ReceivedCall now = call.received();
            if (waiter.wanted().test(now)) {
                waiter.found().complete(now);
            }
        }
        // Also done when whoever waited has given up.
        if (waiter.found().isDone()) {
            waiters.remove(waiter);
        }
    }

    private List<LiveCall> snapshot() {
        lock.lock();
        try {
            return List.copyOf(calls);
        } finally {
            lock.unlock();
        }
    }
}
