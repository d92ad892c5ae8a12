package dev.sluice.bench.compare;

import dev.sluice.bench.load.Target;
import java.util.Optional;

/**
 * What stands between the load and the mock provider.
 *
 * @param process whose processor time is counted; absent when there is no proxy
 */
record Contestant(String name, Target target, Optional<Child> process) {
    static final String DIRECT = "direct";
    static final String NGINX = "nginx";
    static final String GATEWAY = "gateway";
    /** The same gateway, called in OpenAI's form over a provider of Anthropic's. */
    static final String TRANSLATED = "translated";
}
