package dev.sluice.traffic.routing;

import dev.sluice.settings.snapshot.BoundService;

/**
 * One place to try: a service and the model name to send it.
 *
 * @param why how it came into the plan, for the explanation, e.g. {@code rule "gpt-*"}, {@code fallback step 1}
 */
public record Target(BoundService service, String model, String why) {}
