package dev.sluice.upstreams.media;

/**
 * What fetching one URL may cost.
 *
 * @param maxBytes longest body
 * @param timeoutMillis for everything together: names, redirects, body
 * @param privateAddresses whether addresses outside of the public internet may be asked
 */
public record MediaLimits(int maxBytes, int timeoutMillis, boolean privateAddresses) {}
