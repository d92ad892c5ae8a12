package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.api.Refusal;
import dev.sluice.admin.contract.Contract;
import dev.sluice.admin.contract.ContractOperation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Calls the server under test; every answer must fit the contract. */
final class AdminClient {
    private final HttpClient http;
    private final String base;
    private final String token;
    private final Contract contract;

    AdminClient(HttpClient http, int port, String token, Contract contract) {
        this.http = http;
        this.base = "http://127.0.0.1:" + port;
        this.token = token;
        this.contract = contract;
    }

    AdminClient withToken(String other) {
        return new AdminClient(http, URI.create(base).getPort(), other, contract);
    }

    Reply get(String path) {
        return send("GET", path, "", "");
    }

    Reply post(String path, String json) {
        return send("POST", path, json, json.isEmpty() ? "" : "application/json");
    }

    Reply put(String path, String json, String... headers) {
        return send("PUT", path, json, "application/json", headers);
    }

    Reply patch(String path, String json, String... headers) {
        return send("PATCH", path, json, "application/merge-patch+json", headers);
    }

    Reply delete(String path, String... headers) {
        return send("DELETE", path, "", "", headers);
    }

    Reply yaml(String path, String yaml) {
        return send("POST", path, yaml, "application/yaml");
    }

    Reply send(String method, String path, String body, String contentType, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) request.header("authorization", "Bearer " + token);
        if (!contentType.isEmpty()) request.header("content-type", contentType);
        if (headers.length > 0) request.headers(headers);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Reply reply = new Reply(response.statusCode(), response.headers(), response.body());
            check(method, path, reply);
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void check(String method, String path, Reply reply) {
        assertThat(reply.header("x-request-id"))
                .as("request id of %s %s", method, path)
                .isNotEmpty();
        assertThat(reply.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(reply.body()).doesNotContain("java.lang", "\tat ");
        Map<?, ?> document = contract.document();
        Object response = responseOf(method, path, reply.status());
        if (reply.status() == 204 || method.equals("HEAD")) {
            assertThat(reply.body()).isEmpty();
            return;
        }
        Map<?, ?> declared = (Map<?, ?>) SchemaCheck.resolve(document, response);
        String type = reply.header("content-type").split(";")[0];
        Map<?, ?> content = (Map<?, ?>) declared.get("content");
        assertThat(content.containsKey(type))
                .as("%s is a media type of %s %s %d", type, method, path, reply.status())
                .isTrue();
        Object schema = ((Map<?, ?>) content.get(type)).get("schema");
        Object value = type.equals("application/json") ? reply.json() : reply.body();
        assertThat(SchemaCheck.problems(document, schema, value))
                .as("%s %s answered %d %s", method, path, reply.status(), reply.body())
                .isEmpty();
    }

    private Object responseOf(String method, String path, int status) {
        Object error = Map.of("$ref", "#/components/responses/Error");
        ContractOperation operation;
        try {
            operation =
                    contract.match(method, URI.create(base + path).getRawPath()).operation();
        } catch (Refusal _) {
            return error;
        }
        for (Object item : ((Map<?, ?>) contract.document().get("paths")).values()) {
            if (!(((Map<?, ?>) item).get(method.toLowerCase(java.util.Locale.ROOT)) instanceof Map<?, ?> declared))
                continue;
            if (!operation.id().equals(declared.get("operationId"))) continue;
            Map<?, ?> responses = (Map<?, ?>) declared.get("responses");
            Object response = responses.get(Integer.toString(status));
            if (response == null && status < 400)
                throw new AssertionError(operation.id() + " answered an undeclared " + status);
            return response == null ? responses.get("default") : response;
        }
        throw new AssertionError("no path for " + operation.id());
    }
}
