package dev.sluice.simulator;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Header;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The control API below {@code /_simulator/}: the journal, the totals and the rules for whoever is not in the same JVM. Its calls are in no journal. */
final class Control {
    static final String PREFIX = "/_simulator/";

    private static final Set<String> RULE_FIELDS = Set.of("model", "path", "apiKey", "skip", "times", "fault");

    private final Rules rules;
    private final Journal journal;
    private final Totals totals;

    Control(Rules rules, Journal journal, Totals totals) {
        this.rules = rules;
        this.journal = journal;
        this.totals = totals;
    }

    void answer(HttpServerRequest request, String path, byte[] body) {
        String what = request.method().name() + " " + path.substring(PREFIX.length());
        try {
            switch (what) {
                case "GET journal" -> send(request, 200, new JsonObject().put("calls", calls(request)));
                case "DELETE journal" -> {
                    journal.clear();
                    send(request, 204, null);
                }
                case "GET totals" -> send(request, 200, totals());
                case "DELETE totals" -> {
                    totals.reset();
                    send(request, 204, null);
                }
                case "GET rules" -> send(request, 200, rules());
                case "POST rules" -> send(request, 201, added(body));
                case "DELETE rules" -> {
                    rules.clear();
                    send(request, 204, null);
                }
                default -> removeRule(request, what);
            }
        } catch (IllegalArgumentException | DecodeException wrong) {
            send(request, 400, error(String.valueOf(wrong.getMessage())));
        }
    }

    private void removeRule(HttpServerRequest request, String what) {
        String prefix = "DELETE rules/";
        if (!what.startsWith(prefix)) {
            send(request, 404, error(what + " (expected: journal, totals or rules)"));
        } else if (rules.remove(whole("rule", what.substring(prefix.length())))) {
            send(request, 204, null);
        } else {
            send(request, 404, error("no rule " + what.substring(prefix.length())));
        }
    }

    private JsonArray calls(HttpServerRequest request) {
        long after = whole("after", request.getParam("after", "0"));
        long limit = whole("limit", request.getParam("limit", "1000"));
        List<ReceivedCall> calls = journal.calls().stream()
                .filter(call -> call.number() > after)
                .limit(limit)
                .toList();
        JsonArray array = new JsonArray();
        calls.forEach(call -> array.add(call(call)));
        return array;
    }

    private static long whole(String name, String value) {
        if (!value.matches("\\d{1,18}")) {
            throw new IllegalArgumentException(name + ": \"" + value + "\" (expected: a whole number)");
        }
        return Long.parseLong(value);
    }

    private static JsonObject call(ReceivedCall call) {
        JsonArray headers = new JsonArray();
        for (Header header : call.headers()) {
            headers.add(new JsonObject().put("name", header.name()).put("value", header.value()));
        }
        Usage reported = call.reported();
        return new JsonObject()
                .put("number", call.number())
                .put("connection", call.connection())
                .put("method", call.method())
                .put("path", call.path())
                .put("query", call.query())
                .put("headers", headers)
                .put("credentials", new JsonArray(call.credentials()))
                .put("body", call.text())
                .put("bodyBase64", Base64.getEncoder().encodeToString(call.body()))
                .put("model", call.model())
                .put("fault", call.fault())
                .put("arrivedAt", call.arrivedAt().toString())
                .put("endedAt", call.endedAt() == null ? null : call.endedAt().toString())
                .put("outcome", call.outcome().name().toLowerCase(Locale.ROOT))
                .put("cancelled", call.isCancelled())
                .put("eventsSent", call.eventsSent())
                .put("bytesSent", call.bytesSent())
                .put("tokensSent", call.tokensSent())
                .put("billed", usage(call.billed()))
                .put("reported", reported == null ? null : usage(reported));
    }

    private JsonObject totals() {
        JsonObject models = new JsonObject();
        totals.byModel().forEach((model, of) -> models.put(model, totals(of)));
        return new JsonObject().put("models", models).put("sum", totals(totals.sum()));
    }

    private static JsonObject totals(ModelTotals of) {
        return new JsonObject()
                .put("calls", of.calls())
                .put("answered", of.answered())
                .put("refused", of.refused())
                .put("cut", of.cut())
                .put("cancelled", of.cancelled())
                .put("tokensSent", of.tokensSent())
                .put("billed", usage(of.billed()))
                .put("reported", usage(of.reported()));
    }

    private static JsonObject usage(Usage usage) {
        return new JsonObject()
                .put("inputTokens", usage.inputTokens())
                .put("cachedInputTokens", usage.cachedInputTokens())
                .put("cacheWrittenTokens", usage.cacheWrittenTokens())
                .put("outputTokens", usage.outputTokens())
                .put("reasoningTokens", usage.reasoningTokens());
    }

    private JsonObject rules() {
        JsonArray array = new JsonArray();
        rules.all().forEach((id, rule) -> array.add(rule(id, rule)));
        return new JsonObject().put("rules", array);
    }

    private static JsonObject rule(long id, Rule rule) {
        return new JsonObject()
                .put("id", id)
                .put("model", rule.model())
                .put("path", rule.path())
                .put("apiKey", rule.apiKey())
                .put("skip", rule.skip())
                .put("times", rule.times())
                .put("fault", rule.fault());
    }

    private JsonObject added(byte[] body) {
        if (!(Json.decodeValue(Buffer.buffer(body)) instanceof JsonObject json)) {
            throw new IllegalArgumentException("the body is no JSON object (expected: a rule)");
        }
        for (String field : json.fieldNames()) {
            if (!RULE_FIELDS.contains(field)) {
                throw new IllegalArgumentException(
                        "unknown field \"" + field + "\" (expected: one of " + new TreeSet<>(RULE_FIELDS) + ")");
            }
        }
        if (!(json.getValue("fault") instanceof String fault)) {
            throw new IllegalArgumentException("fault: missing (expected: directives such as status=429)");
        }
        Rule rule = new Rule(
                text(json, "model"),
                text(json, "path"),
                text(json, "apiKey"),
                whole("skip", String.valueOf(json.getValue("skip", 0))),
                whole("times", String.valueOf(json.getValue("times", 0))),
                fault);
        return rule(rules.add(rule), rule);
    }

    private static String text(JsonObject json, String field) {
        return switch (json.getValue(field)) {
            case null -> "*";
            case String text -> text;
            case Object other -> throw new IllegalArgumentException(field + ": " + other + " (expected: a text)");
        };
    }

    private static JsonObject error(String message) {
        return new JsonObject().put("error", new JsonObject().put("message", message));
    }

    private static void send(HttpServerRequest request, int status, @Nullable JsonObject body) {
        request.response().setStatusCode(status);
        if (body == null) {
            request.response().end();
        } else {
            request.response().putHeader("content-type", "application/json").end(body.toBuffer());
        }
    }
}
