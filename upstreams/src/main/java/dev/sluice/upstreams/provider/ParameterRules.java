package dev.sluice.upstreams.provider;

import dev.sluice.protocol.json.Json;
import dev.sluice.settings.catalogue.ParameterRule;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Applies a provider's parameter rules to a body that the gateway has written. */
final class ParameterRules {
    private ParameterRules() {}

    static byte[] apply(List<ParameterRule> rules, String model, byte[] body) {
        List<ParameterRule> fitting =
                rules.stream().filter(rule -> covers(rule.models(), model)).toList();
        if (fitting.isEmpty()) return body;
        Json json = Json.parse(body);
        if (json == null) return body;
        Json changed = json;
        for (ParameterRule rule : fitting) changed = apply(rule, changed);
        return changed.equals(json) ? body : changed.toBytes();
    }

    private static Json apply(ParameterRule rule, Json body) {
        Json changed = body;
        for (String member : rule.drop()) {
            if (changed.has(member)) changed = changed.with(member, null);
        }
        for (Map.Entry<String, String> rename : rule.rename().entrySet()) {
            Json value = changed.get(rename.getKey());
            if (changed.has(rename.getKey()))
                changed = changed.with(rename.getKey(), null).with(rename.getValue(), value);
        }
        for (Map.Entry<String, String> clamp : rule.clamp().entrySet()) {
            if (changed.get(clamp.getKey()) instanceof Json.Num(String spelling))
                changed = changed.with(clamp.getKey(), new Json.Num(clamped(spelling, clamp.getValue())));
        }
        return changed;
    }

    /** @param range {@code LEAST..MOST} */
    private static String clamped(String spelling, String range) {
        int dots = range.indexOf("..");
        BigDecimal value = new BigDecimal(spelling);
        BigDecimal least = new BigDecimal(range.substring(0, dots));
        BigDecimal most = new BigDecimal(range.substring(dots + 2));
        if (value.compareTo(least) < 0) return least.toPlainString();
        return value.compareTo(most) > 0 ? most.toPlainString() : spelling;
    }

    /** @param patterns names or patterns; empty = all */
    static boolean covers(List<String> patterns, String model) {
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> matches(pattern, model));
    }

    /** A name, or a pattern in which {@code *} stands for any characters. Vendors do not tell small letters from large ones. */
    static boolean matches(String pattern, String name) {
        return matchesSmall(pattern.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
    }

    private static boolean matchesSmall(String pattern, String name) {
        String[] pieces = pattern.split("\\*", -1);
        if (pieces.length == 1) return pattern.equals(name);
        if (!name.startsWith(pieces[0])) return false;
        int at = pieces[0].length();
        for (int i = 1; i < pieces.length - 1; i++) {
            int found = name.indexOf(pieces[i], at);
            if (found < 0) return false;
            at = found + pieces[i].length();
        }
        String last = pieces[pieces.length - 1];
        return name.length() - last.length() >= at && name.endsWith(last);
    }
}
