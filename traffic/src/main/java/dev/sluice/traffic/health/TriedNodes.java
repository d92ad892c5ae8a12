package dev.sluice.traffic.health;

import dev.sluice.settings.snapshot.Node;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The nodes that one call has been to, so that its next attempt goes elsewhere. For one thread. */
public final class TriedNodes {
    static final TriedNodes NONE = new TriedNodes();

    private @Nullable Node last;
    /** Those before the last one. */
    private @Nullable Set<Node> earlier;

    private boolean blamed;
    private boolean wantsOthers;

    /** An attempt goes to a node. */
    public void add(Node node) {
        Node before = last;
        last = node;
        blamed = false;
        if (before == null) return;
        Set<Node> all = earlier;
        if (all == null) earlier = all = new HashSet<>(4);
        all.add(before);
    }

    /** The last node had its part in what failed there. */
    public void blameLast() {
        blamed = true;
    }

    /** The call goes on with something else, so that it may as well go to the last node again, unless that is to blame. */
    public void forgive() {
        Node node = last;
        if (node == null || blamed) return;
        last = null;
        if (earlier != null) earlier.remove(node);
    }

    /** Whatever is in use was tried in vain: from now on a node that is out of use and was not tried goes before one that was. */
    public void wantOthers() {
        wantsOthers = true;
    }

    boolean wantsOthers() {
        return wantsOthers;
    }

    boolean isEmpty() {
        return last == null && earlier == null;
    }

    boolean contains(Node node) {
        return node.equals(last) || earlier != null && earlier.contains(node);
    }

    /** The last one alone. */
    TriedNodes lastAlone() {
        TriedNodes alone = new TriedNodes();
        alone.last = last;
        return alone;
    }
}
