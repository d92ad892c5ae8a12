package dev.sluice.bench.compare;

import dev.sluice.bench.load.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What stands between the load and the mock provider.
 *
 * @param process whose processor time is counted; absent when there is no proxy
 * @param warmUp how long it is warmed up by whole calls, and a fourth of it by streams
 * @param shapes what it is measured at
 * @param isJudged whether budgets are made of its figures, so that a round of it that was not clean is a complaint
 */
record Contestant(
        String name, Target target, Optional<Child> process, Duration warmUp, Set<Shape> shapes, boolean isJudged) {
    static final String DIRECT = "direct";
    static final String NGINX = Rival.NGINX.title();
    static final String GATEWAY = "gateway";
    /** The same gateway, called in OpenAI's form over a provider of Anthropic's. */
    static final String TRANSLATED = "translated";

    Contestant {
        shapes = Set.copyOf(shapes);
    }
}
