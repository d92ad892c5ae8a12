package dev.sluice.upstreams.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.settings.catalogue.ParameterRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a provider's parameter rules change in a body: edits, so that what they do not name stays as it is. */
final class ParameterRules {
    private static final byte[] NOTHING = {};
    private static final byte[] SYSTEM = "\"system\"".getBytes(UTF_8);
    private static final byte[] DEVELOPER = "\"developer\"".getBytes(UTF_8);

    private final Set<String> drop = new HashSet<>(0);
    private final Map<String, String> rename = new HashMap<>(0);
    private final Map<String, String> clamp = new HashMap<>(0);

    private ParameterRules() {}

    /** Those of the rules that cover a model. */
    static ParameterRules of(List<ParameterRule> rules, String model) {
        ParameterRules fitting = new ParameterRules();
        for (ParameterRule rule : rules) {
            if (!rule.covers(model)) continue;
            fitting.drop.addAll(rule.drop());
            fitting.rename.putAll(rule.rename());
            fitting.clamp.putAll(rule.clamp());
        }
        return fitting;
    }

    /** A body as the rules want it. */
    static byte[] apply(List<ParameterRule> rules, String model, byte[] body) {
        List<Splice> edits = of(rules, model).refit(body, false).edits();
        return edits.isEmpty() ? body : Splice.apply(body, edits);
    }

    /** Leaves members in that the rules would leave out. */
    void keep(Set<String> members) {
        drop.removeAll(members);
    }

    void rename(String member, String other) {
        rename.put(member, other);
    }

    /**
     * What becomes of a JSON object. A member is not renamed to one that is there as well: it is left out.
     *
     * @param systemOnly whether messages of the role {@code developer} become those of {@code system}
     */
    Refit refit(byte[] body, boolean systemOnly) {
        boolean roles = systemOnly && contains(body, DEVELOPER);
        if (!roles && drop.isEmpty() && rename.isEmpty() && clamp.isEmpty()) return Refit.NONE;
        Set<String> dropped = new HashSet<>(drop);
        if (!rename.isEmpty()) {
            Set<String> there = names(body);
            rename.forEach((from, to) -> {
                if (there.contains(to)) dropped.add(from);
            });
        }
        List<Splice> edits = new ArrayList<>();
        List<String> left = new ArrayList<>();
        JsonScanner scanner = scanner(body);
        if (!scanner.enter()) return Refit.NONE;
        boolean nothingKept = true;
        while (scanner.nextMember()) {
            String name = scanner.name();
            int from = scanner.memberFrom();
            int comma = scanner.commaBefore();
            if (dropped.contains(name)) {
                if (!scanner.skip()) return Refit.NONE;
                if (drop.contains(name) && !left.contains(name)) left.add(name);
                edits.add(new Splice(comma < 0 ? from : comma, scanner.valueTo(), NOTHING));
                continue;
            }
            if (nothingKept && comma >= 0) edits.add(new Splice(comma, comma + 1, NOTHING));
            nothingKept = false;
            String other = rename.get(name);
            if (other != null)
                edits.add(new Splice(
                        from,
                        endOfName(body, from),
                        new JsonWriter().string(other).toBytes()));
            String range = clamp.get(name);
            if (range != null && scanner.type() == JsonType.NUMBER) clamp(scanner, body, range, edits);
            else if (roles && name.equals("messages")) roles(scanner, edits);
        }
        return scanner.finish() ? new Refit(edits, left) : Refit.NONE;
    }

    private static JsonScanner scanner(byte[] body) {
        return new JsonScanner().reset(body, JsonScanner.afterMark(body, 0, body.length), body.length);
    }

    private static Set<String> names(byte[] body) {
        Set<String> names = new HashSet<>();
        JsonScanner scanner = scanner(body);
        if (scanner.enter()) while (scanner.nextMember()) names.add(scanner.name());
        return names;
    }

    /** @param from of the opening quote of a name that is valid */
    private static int endOfName(byte[] body, int from) {
        int at = from + 1;
        while (body[at] != '"') at += body[at] == '\\' ? 2 : 1;
        return at + 1;
    }

    private static void clamp(JsonScanner scanner, byte[] body, String range, List<Splice> edits) {
        if (!scanner.skip()) return;
        int from = scanner.valueFrom();
        String spelling = new String(body, from, scanner.valueTo() - from, UTF_8);
        String within = clamped(spelling, range);
        if (!within.equals(spelling)) edits.add(new Splice(from, scanner.valueTo(), within.getBytes(UTF_8)));
    }

    private static void roles(JsonScanner scanner, List<Splice> edits) {
        if (scanner.type() != JsonType.ARRAY || !scanner.enter()) return;
        while (scanner.nextElement()) {
            if (scanner.type() != JsonType.OBJECT || !scanner.enter()) continue;
            while (scanner.nextMember()) {
                if (scanner.name().equals("role") && "developer".equals(scanner.takeString()))
                    edits.add(new Splice(scanner.valueFrom(), scanner.valueTo(), SYSTEM));
            }
        }
    }

    private static boolean contains(byte[] body, byte[] word) {
        for (int at = 0; at <= body.length - word.length; at++) {
            if (body[at + 1] == word[1]
                    && body[at] == word[0]
                    && Arrays.equals(body, at, at + word.length, word, 0, word.length)) return true;
        }
        return false;
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
}
