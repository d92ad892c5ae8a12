package dev.sluice.bench.scale;

import dev.sluice.bench.compare.Gateway;
import dev.sluice.bench.load.Target;
import java.util.Map;

/** A change that the admin API is asked for, of a key and a Model API that nobody uses but who watches. */
enum Change {
    DISABLE_KEY("key disabled"),
    ENABLE_KEY("key enabled"),
    MOVE_ROUTE("route to another service"),
    RESTORE_ROUTE("route back");

    static final String OTHER_SERVICE = "other";
    private static final String DOMAIN = "watched.bench.test";
    private static final String SECRET = "sk-bench-watched-0123456789abcdef";

    private final String title;

    Change(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** What is changed: services have to be there already. */
    static String declaration(int otherPort) {
        return """
            {"services":[{"name":"%s","kind":"ai","provider":"openai-compatible","protocol":"openai",\
            "address":{"url":"http://127.0.0.1:%d/v1"},"keys":["mock"]}],
            "modelApis":[{"name":"watched","domains":["%s"],%s}],
            "consumers":[{"name":"watcher","modelApis":["watched"]}],
            "apiKeys":[{"name":"watched","consumer":"watcher","secret":"%s"}]}""".formatted(OTHER_SERVICE, otherPort, DOMAIN, distribution("mock"), SECRET);
    }

    /** The call that sees it. */
    static Target target(int port) {
        return new Target(port, DOMAIN, Target.CHAT, SECRET, "chat-default", Map.of());
    }

    /** The change to make then, so that each can be made. */
    Change next() {
        return switch (this) {
            case DISABLE_KEY -> ENABLE_KEY;
            case ENABLE_KEY -> MOVE_ROUTE;
            case MOVE_ROUTE -> RESTORE_ROUTE;
            case RESTORE_ROUTE -> DISABLE_KEY;
        };
    }

    /** Whether a call has seen this change. */
    boolean isSeenIn(Probe.Seen seen) {
        return switch (this) {
            case DISABLE_KEY -> seen.status() == 401 || seen.status() == 403;
            case ENABLE_KEY -> seen.status() == 200;
            case MOVE_ROUTE -> seen.status() == 200 && seen.byOther();
            case RESTORE_ROUTE -> seen.status() == 200 && !seen.byOther();
        };
    }

    Gateway.Answer ask(Gateway gateway) throws InterruptedException, java.io.IOException {
        return switch (this) {
            case DISABLE_KEY -> gateway.admin("POST", "/admin/v1/apiKeys/watched/disable", "");
            case ENABLE_KEY -> gateway.admin("POST", "/admin/v1/apiKeys/watched/enable", "");
            case MOVE_ROUTE -> route(gateway, OTHER_SERVICE);
            case RESTORE_ROUTE -> route(gateway, "mock");
        };
    }

    private static Gateway.Answer route(Gateway gateway, String service)
            throws InterruptedException, java.io.IOException {
        return gateway.admin("PATCH", "/admin/v1/modelApis/watched", "{" + distribution(service) + "}");
    }

    private static String distribution(String service) {
        return """
            "distribution":{"strategy":"by-model-name","targets":[{"pattern":"chat-*","service":"%s","model":"gpt-4o-mini"}]}""".formatted(service);
    }
}
