package dev.sluice.upstreams.source;

import dev.sluice.settings.snapshot.Node;
import java.util.List;

/** Is told what a source finds. May be called on any thread. */
public interface NodeListener {
    /** The nodes that those declared by a service stand for, as of now. */
    void found(String serviceId, List<Node> declared, List<Node> nodes);

    /**
     * The nodes of a service cannot be told at present; those that were found last stand.
     *
     * @param why empty once nobody asks any more
     */
    void missing(String serviceId, String why);
}
