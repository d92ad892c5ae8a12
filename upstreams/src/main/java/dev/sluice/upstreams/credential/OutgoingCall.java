package dev.sluice.upstreams.credential;

import dev.sluice.settings.snapshot.BoundService;
import io.vertx.core.MultiMap;

/**
 * A call that is about to be sent, complete but for its authorisation.
 *
 * @param host as in the Host header, with the port unless it is the scheme's own
 * @param target path and query as they go over the wire
 * @param headers those to be sent; the scheme adds its own
 */
public record OutgoingCall(
        BoundService service, String method, String host, String target, byte[] body, MultiMap headers) {}
