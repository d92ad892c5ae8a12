package dev.sluice.simulator;

import dev.sluice.simulator.fault.Fault;

/**
 * Which calls get which fault. Names may contain {@code *} for any characters.
 *
 * @param model the model called, without the fault that may be written before it
 * @param path the path called
 * @param apiKey the provider key, from {@code Authorization: Bearer}, {@code x-api-key}, {@code api-key}, {@code x-goog-api-key} or {@code ?key=}; empty when a call has none
 * @param skip how many matching calls go by before the rule applies
 * @param times how many calls get the fault after that; 0 for all
 * @param fault directives, see the README of this module
 */
public record Rule(String model, String path, String apiKey, long skip, long times, String fault) {
    public Rule {
        if (skip < 0) {
            throw new IllegalArgumentException("skip: " + skip + " (expected: >= 0)");
        }
        if (times < 0) {
            throw new IllegalArgumentException("times: " + times + " (expected: >= 0, where 0 means always)");
        }
        Fault.parse(fault);
    }

    /**
     * A rule for every call.
     *
     * @throws dev.sluice.simulator.fault.FaultSyntaxException when the directives break the grammar
     */
    public static Rule always(String fault) {
        return new Rule("*", "*", "*", 0, 0, fault);
    }

    public Rule forModel(String newModel) {
        return new Rule(newModel, path, apiKey, skip, times, fault);
    }

    public Rule forPath(String newPath) {
        return new Rule(model, newPath, apiKey, skip, times, fault);
    }

    public Rule forApiKey(String newApiKey) {
        return new Rule(model, path, newApiKey, skip, times, fault);
    }

    /** Lets the first matching calls go by. */
    public Rule after(long calls) {
        return new Rule(model, path, apiKey, calls, times, fault);
    }

    /** Applies to so many matching calls and no more. */
    public Rule times(long calls) {
        return new Rule(model, path, apiKey, skip, calls, fault);
    }

    boolean matches(String calledModel, String calledPath, String calledKey) {
        return Glob.matches(model, calledModel) && Glob.matches(path, calledPath) && Glob.matches(apiKey, calledKey);
    }
}
