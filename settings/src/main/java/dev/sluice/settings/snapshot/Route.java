package dev.sluice.settings.snapshot;

import dev.sluice.settings.Operation;

/**
 * One matching rule of a Model API.
 *
 * @param id stable for the same Model API, host and path
 * @param host host name, {@code *.suffix} or {@code *}
 * @param fullPath base path and route together
 * @param prefix whether everything below the path matches as well: opaque routes, and operations that keep things, each
 *     of which has its path
 * @param upstreamPath what is appended to a node's base path: for a known operation the operation's path (behind the base
 *     path of the Model API where that is not stripped); for an opaque prefix route the part that the base path leaves,
 *     to which the rest of the request path is appended
 */
public record Route(
        String id,
        BoundModelApi api,
        Operation operation,
        String host,
        String fullPath,
        boolean prefix,
        String upstreamPath) {
    /** What is appended to a node's base path for a request that this route matches. */
    public String upstreamPath(String requestPath) {
        return operation == Operation.OPAQUE ? upstreamPath + requestPath.substring(fullPath.length()) : upstreamPath;
    }
}
