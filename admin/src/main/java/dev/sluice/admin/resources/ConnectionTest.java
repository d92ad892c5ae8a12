package dev.sluice.admin.resources;

import org.jspecify.annotations.Nullable;

/** Makes one real minimal call to a service, through the code that serves clients. */
@FunctionalInterface
public interface ConnectionTest {
    /**
     * Blocks until the call is answered or given up, which must be before the deadline of the admin server (30 s). A failed call is a result, not an exception.
     *
     * @param service name
     * @param model to ask for; null = the service's default, or the first that its provider lists
     * @param key name of the one provider key to use; null = as the service chooses
     */
    Result run(String tenant, String service, @Nullable String model, @Nullable String key);

    /**
     * How it went.
     *
     * @param status that the provider answered with, 0 if it did not answer
     * @param model that was asked for, as sent
     * @param cause in plain words, without secrets: DNS, connect, TLS, 401, 404 model, 429, …; empty when it worked
     */
    record Result(boolean success, long latencyMillis, int status, String model, String cause) {}
}
