package dev.sluice.admin;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An answer of the server under test. */
record Reply(int status, HttpHeaders headers, String body) {
    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The body as maps and lists; JSON is YAML. */
    Object json() {
        return new Load(LoadSettings.builder().build()).loadFromString(body);
    }

    /** The value at a path such as {@code items.0.name}; null where there is none. */
    Object at(String path) {
        Object here = json();
        for (String step : path.split("\\.")) {
            if (here instanceof Map<?, ?> map) here = map.get(step);
            else if (here instanceof List<?> list && Integer.parseInt(step) < list.size())
                here = list.get(Integer.parseInt(step));
            else return null;
        }
        return here;
    }

    String text(String path) {
        return String.valueOf(at(path));
    }

    /** One field of every item. */
    List<Object> each(String field) {
        return ((List<?>) at("items"))
                .stream().<Object>map(i -> ((Map<?, ?>) i).get(field)).toList();
    }
}
