package dev.sluice.traffic.health;

import dev.sluice.settings.Health;
import dev.sluice.settings.snapshot.Node;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How one node of a service fares. What {@link NodePicker} reads for every call is volatile; verdicts change under the
 * record's lock, which is held for a few instructions.
 */
public final class NodeRecord {
    private static final int MAX_EJECTIONS = 10;

    private final Node node;
    private final long seed;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile int failuresInRow;
    private volatile long ejectedUntil;
    private volatile int ejections;
    /** What the active checks say. */
    private volatile boolean down;

    private int goodChecks;
    private int badChecks;
    /** Credit under round-robin; guarded by the service's lock. */
    long credit;

    NodeRecord(Node node) {
        this.node = node;
        this.seed = HashKey.of(node.address() + node.basePath());
    }

    public Node node() {
        return node;
    }

    /** Whether calls should go here: neither ejected nor found dead by a check. */
    boolean isIn(long nowMillis) {
        return !down && ejectedUntil <= nowMillis;
    }

    boolean isEjected(long nowMillis) {
        return ejectedUntil > nowMillis;
    }

    boolean isDown() {
        return down;
    }

    long ejectedUntil() {
        return ejectedUntil;
    }

    int inFlight() {
        return inFlight.get();
    }

    /** The node's number for a key: the node with the highest takes the key. */
    long score(long key) {
        return HashKey.mix(seed ^ key);
    }

    void begin() {
        inFlight.incrementAndGet();
    }

    void end() {
        inFlight.decrementAndGet();
    }

    void succeeded(Health.Passive passive, long nowMillis) {
        if (failuresInRow == 0 && ejections == 0) return;
        synchronized (this) {
            // A call that began before the node was ejected says nothing about now.
            if (isEjected(nowMillis)) return;
            failuresInRow = 0;
            // Once a node has been well for as long as it is ejected the first time, what was before is forgotten.
            if (nowMillis - ejectedUntil >= passive.ejectionMs()) ejections = 0;
        }
    }

    /** Counts a failure. Whether the node has failed so often that it should be ejected. */
    synchronized boolean failed(Health.Passive passive, long nowMillis) {
        if (isEjected(nowMillis)) return false;
        failuresInRow = Math.min(failuresInRow + 1, passive.consecutiveFailures());
        return passive.consecutiveFailures() > 0 && failuresInRow >= passive.consecutiveFailures();
    }

    synchronized void eject(Health.Passive passive, long nowMillis) {
        ejections = Math.min(ejections + 1, MAX_EJECTIONS);
        ejectedUntil = nowMillis + (long) passive.ejectionMs() * ejections;
        // Back in use, the first failure is enough: nobody should find out five times that nothing has changed.
        failuresInRow = passive.consecutiveFailures() - 1;
    }

    synchronized void readmit() {
        ejectedUntil = 0;
    }

    /** Nobody checks the node any more. */
    synchronized void unchecked() {
        down = false;
        goodChecks = 0;
        badChecks = 0;
    }

    /** A check of the node has come to an end. */
    synchronized void checked(boolean good, Health.Active active) {
        if (good) {
            badChecks = 0;
            goodChecks = Math.min(goodChecks + 1, active.healthyAfter());
            if (goodChecks < active.healthyAfter()) return;
            down = false;
            ejectedUntil = 0;
        } else {
            goodChecks = 0;
            badChecks = Math.min(badChecks + 1, active.unhealthyAfter());
            if (badChecks >= active.unhealthyAfter()) down = true;
        }
    }

    NodeState state(long nowMillis) {
        long until = ejectedUntil;
        NodeState.Status status =
                down ? NodeState.Status.DOWN : until > nowMillis ? NodeState.Status.EJECTED : NodeState.Status.ACTIVE;
        return new NodeState(node.host(), node.address(), status, inFlight(), until > nowMillis ? until : 0);
    }
}
