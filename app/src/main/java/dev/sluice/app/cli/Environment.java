package dev.sluice.app.cli;

import dev.sluice.upstreams.credential.IdentityEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The variables of the environment that are the gateway's. An empty one counts as unset. Kubernetes gives every pod
 * variables named after the services of its namespace, so a service called {@code sluice} puts {@code
 * SLUICE_PORT=tcp://10.0.0.7:8080} beside ours: those are left aside.
 */
final class Environment {
    private static final Pattern SERVICE_LINK_NAME =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
    private static final Pattern SERVICE_LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    Optional<String> value(Option option) {
        return option.variable()
                .map(variables::get)
                .filter(value -> !value.isEmpty())
                .filter(value -> !isServiceLink(value));
    }

    /** Where Azure gives tokens to what runs here: it tells its apps, a machine has but one place. */
    IdentityEndpoint identity() {
        String url = variables.getOrDefault("IDENTITY_ENDPOINT", "");
        String header = variables.getOrDefault("IDENTITY_HEADER", "");
        return url.isEmpty() || header.isEmpty() ? IdentityEndpoint.OF_MACHINE : new IdentityEndpoint(url, header);
    }

    /** One line for each variable that looks like ours and is not. */
    List<String> problems() {
        List<String> known = Option.variables();
        return variables.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(Option.VARIABLE_PREFIX))
                .filter(entry -> !known.contains(entry.getKey()))
                .filter(entry -> !SERVICE_LINK_NAME.matcher(entry.getKey()).matches())
                .filter(entry -> !isServiceLink(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .map(name -> "unknown environment variable " + name
                        + Nearest.to(name, known)
                                .map(word -> "; did you mean " + word + "?")
                                .orElse(" (variables that start with " + Option.VARIABLE_PREFIX
                                        + " are settings: see sluice help)"))
                .toList();
    }

    private static boolean isServiceLink(String value) {
        return SERVICE_LINK_VALUE.matcher(value).matches();
    }
}
