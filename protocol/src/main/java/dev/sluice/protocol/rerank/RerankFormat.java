package dev.sluice.protocol.rerank;

import dev.sluice.protocol.whole.WholeFormat;

/** A wire format of rerank. Documents are never asked back: what a client wants to see of them is filled in from its request. */
public interface RerankFormat extends WholeFormat<RerankRequest, RerankAnswer> {}
