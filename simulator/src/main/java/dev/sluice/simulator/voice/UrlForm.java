package dev.sluice.simulator.voice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;

/** The fields of a body of {@code application/x-www-form-urlencoded}. */
public final class UrlForm {
    private UrlForm() {}

    /** @throws IllegalArgumentException when it is not well encoded */
    public static Map<String, String> of(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0)
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return form;
    }
}
