package dev.sluice.simulator;

import dev.sluice.simulator.voice.Cues;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request says in its headers and its query. */
record RequestCues(HttpServerRequest request) implements Cues {
    private static final String BEARER = "Bearer ";
    private static final String CREDENTIAL = "Credential=";
    private static final List<String> KEY_HEADERS = List.of("x-api-key", "api-key", "x-goog-api-key");

    @Override
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    @Override
    public @Nullable String parameter(String name) {
        return request.query() == null ? null : request.getParam(name);
    }

    /** The cues that a voice asks for, without those that the request does not give. */
    Map<String, String> named(List<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, String> given = new HashMap<>();
        for (String name : names) {
            String value = name.startsWith("?") ? parameter(name.substring(1)) : header(name);
            if (value != null) {
                given.put(name, value);
            }
        }
        return given;
    }

    /** The key of the call, or the id of the key with which it is signed; empty when there is none. */
    String apiKey() {
        String authorization = header("authorization");
        if (authorization != null) {
            return keyIn(authorization);
        }
        for (String name : KEY_HEADERS) {
            String key = header(name);
            if (key != null) {
                return key;
            }
        }
        String key = parameter("key");
        return key == null ? "" : key;
    }

    private static String keyIn(String authorization) {
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        int at = authorization.indexOf(CREDENTIAL);
        if (at < 0) {
            return authorization.strip();
        }
        int end = authorization.indexOf('/', at);
        return authorization.substring(at + CREDENTIAL.length(), end < 0 ? authorization.length() : end);
    }
}
