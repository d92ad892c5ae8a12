package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.GatewayFixture;
import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;

/** One gateway in front of a provider of every wire format; each is reached under a base path of its own. */
final class EveryUpstream implements AutoCloseable {
    static final String KEY = "sk-every-caller-0123456789";
    static final String MODEL = "m-1";
    /** Its provider is busy, whoever asks. */
    static final String BUSY = "m-busy";
    /** Its provider fails in the middle of a stream. */
    static final String BROKEN = "m-broken";
    /** A picture of one pixel. */
    static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==";

    /** The wire format of a provider, and where its calls arrive. */
    enum Upstream {
        OPENAI("openai-compatible", "/v1", "/v1/"),
        /** A provider that knows chat completions only, so that responses are translated for it. */
        CHAT("deepseek", "/v1", "/v1/chat/completions"),
        ANTHROPIC("anthropic", "", "/v1/messages"),
        GEMINI("gemini", "", "/v1beta/models/"),
        BEDROCK("bedrock", "", "/model/"),
        /** It takes calls in Anthropic's form as they are. */
        DASHSCOPE("dashscope", "", "/api/v1/services/aigc/", "/apps/anthropic/v1/messages"),
        COHERE("cohere", "", "/v2/chat");

        private final String provider;
        private final String base;
        private final List<String> arrives;

        Upstream(String provider, String base, String... arrives) {
            this.provider = provider;
            this.base = base;
            this.arrives = List.of(arrives);
        }

        /** Base path of the Model API in front of it. */
        String path() {
            return "/" + name().toLowerCase(Locale.ROOT);
        }
    }

    private final GatewayFixture gateway = GatewayFixture.start(declared());

    EveryUpstream() {
        gateway.simulator().rules().add(Rule.always("status=429;retry-after=1").forModel(BUSY));
        gateway.simulator()
                .rules()
                .add(Rule.always("error=4;message=overloaded").forModel(BROKEN));
    }

    private static String declared() {
        StringBuilder services = new StringBuilder("services:\n");
        StringBuilder apis = new StringBuilder("modelApis:\n");
        StringBuilder names = new StringBuilder();
        for (Upstream upstream : Upstream.values()) {
            String name = upstream.name().toLowerCase(Locale.ROOT);
            String protocol = upstream.base.isEmpty() ? "protocol: native, " : "";
            services.append("  - { name: %s, provider: %s, %saddress: { url: \"${SIM}%s\" } }\n"
                    .formatted(name, upstream.provider, protocol, upstream.base));
            apis.append("""
                      - name: %1$s
                        basePath: /%1$s
                        routes: [/v1/chat/completions, /v1/responses, /v1/messages, /v1/messages/count_tokens, /v1/models,
                          "/model/{model}/converse", "/model/{model}/converse-stream", "/model/{model}/invoke",
                          "/model/{model}/invoke-with-response-stream", /v2/chat, /hunyuan]
                        distribution: { strategy: single, targets: [ { service: %1$s } ] }
                    """.formatted(name));
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
        return services.toString() + apis + """
                consumers: [ { name: caller, modelApis: [%s] } ]
                apiKeys: [ { name: caller-key, consumer: caller, secret: %s } ]
                """.formatted(names, KEY);
    }

    /** The address of an upstream's Model API, without the version. */
    String url(Upstream upstream) {
        return gateway.url() + upstream.path();
    }

    HttpResponse<String> post(Upstream upstream, String path, String key, JsonObject body) {
        return gateway.post(upstream.path() + path, key, body.encode());
    }

    void freshen() {
        gateway.simulator().journal().clear();
    }

    /** What the provider got last: in its own format, without the caller's key. */
    ReceivedCall arrived(Upstream upstream) {
        ReceivedCall call = gateway.simulator().journal().last();
        assertThat(upstream.arrives).as(call.path()).anyMatch(call.path()::startsWith);
        assertThat(call.headers()).noneMatch(header -> header.value().contains(KEY));
        return call;
    }

    @Override
    public void close() {
        gateway.close();
    }
}
