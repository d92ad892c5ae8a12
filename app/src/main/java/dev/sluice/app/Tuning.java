package dev.sluice.app;

import java.util.Map;

/**
 * What the network libraries are told before their classes load: leave out checks that guard against misuse of their own
 * API and cost on every buffer and every call. An operator's own {@code -D} stands.
 */
final class Tuning {
    private static final Map<String, String> PROPERTIES = Map.of(
            "io.netty.buffer.checkBounds", "false",
            "io.netty.buffer.checkAccessible", "false",
            "io.netty.leakDetection.level", "disabled",
            "vertx.disableContextTimings", "true",
            "vertx.disableMetrics", "true",
            "vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.JULLogDelegateFactory");

    private Tuning() {}

    static void apply() {
        PROPERTIES.forEach((name, value) -> {
            if (System.getProperty(name) == null) System.setProperty(name, value);
        });
    }
}
