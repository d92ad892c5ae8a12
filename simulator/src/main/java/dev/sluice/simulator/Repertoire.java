package dev.sluice.simulator;

import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultSyntaxException;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Seed;
import dev.sluice.simulator.voice.Voice;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers that were given before, kept for equal requests: since an answer depends on the request and the fault alone, a repeated call,
 * as in a benchmark, costs a look-up. Bounded by forgetting everything when it is full.
 */
final class Repertoire {
    private static final int MOST_REQUESTS = 256;
    private static final int MOST_PLANS_PER_REQUEST = 16;
    private static final int MOST_BODY_BYTES = 64 << 10;
    private static final long MOST_PLAN_BYTES = 256 << 10;
    private static final int MOST_FAULTS = 4_096;
    private static final String FAULT_IN_MODEL = "fault:";
    private static final String UNNAMED_MODEL = "simulated";

    private final ConcurrentHashMap<Key, Piece> pieces = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Fault> faults = new ConcurrentHashMap<>();

    private record Key(String method, String path, Map<String, String> cues, byte[] body, long hash) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && hash == key.hash
                    && method.equals(key.method)
                    && path.equals(key.path)
                    && cues.equals(key.cues)
                    && Arrays.equals(body, key.body);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(hash);
        }
    }

    /**
     * A request as it was understood, with the plans that were made for it.
     *
     * @param fault the directives written before the model name
     */
    record Piece(Voice voice, Heard heard, String fault, ConcurrentHashMap<String, Plan> plans) {}

    Piece find(Voice voice, String method, String path, Map<String, String> cues, byte[] body) {
        if (body.length > MOST_BODY_BYTES || !voice.isPure()) {
            return understand(voice, method, path, cues, body);
        }
        Key key = new Key(method, path, cues, body, Seed.of(path, body));
        Piece known = pieces.get(key);
        if (known != null && known.voice().equals(voice)) {
            return known;
        }
        Piece piece = understand(voice, method, path, cues, body);
        if (pieces.size() >= MOST_REQUESTS) {
            pieces.clear();
        }
        pieces.put(key, piece);
        return piece;
    }

    /** A fault written before the model is taken out of the request, so that the answer is the one to the request without it. */
    private static Piece understand(Voice voice, String method, String path, Map<String, String> cues, byte[] body) {
        Heard heard = Heard.of(method, path, cues, body);
        String named = voice.model(heard);
        if (!named.startsWith(FAULT_IN_MODEL)) {
            return new Piece(voice, heard.as(named), "", new ConcurrentHashMap<>());
        }
        int plus = named.indexOf('+');
        String fault = named.substring(FAULT_IN_MODEL.length(), plus < 0 ? named.length() : plus);
        String model = plus < 0 ? "" : named.substring(plus + 1);
        String prefix = named.substring(0, plus < 0 ? named.length() : plus + 1);
        byte[] plainBody =
                new String(body, StandardCharsets.UTF_8).replace(prefix, "").getBytes(StandardCharsets.UTF_8);
        // In a path the model may be percent-encoded.
        String decoded = Heard.decoded(path);
        String plainPath = decoded.contains(prefix) ? decoded.replace(prefix, "") : path;
        Heard plain = Heard.of(method, plainPath, cues, plainBody).as(model.isEmpty() ? UNNAMED_MODEL : model);
        return new Piece(voice, plain, fault, new ConcurrentHashMap<>());
    }

    /**
     * The plan for a request under a fault.
     *
     * @throws FaultSyntaxException when the directives break the grammar
     */
    Plan plan(Piece piece, String directives) {
        Plan known = piece.plans().get(directives);
        if (known != null) {
            return known;
        }
        Plan plan = Staging.plan(piece.voice(), piece.heard(), fault(directives));
        long bytes =
                plan.steps().stream().mapToLong(step -> step.bytes().length()).sum();
        // A drip has many steps of few bytes, so both are bounded.
        if (bytes + 64L * plan.steps().size() <= MOST_PLAN_BYTES) {
            if (piece.plans().size() >= MOST_PLANS_PER_REQUEST) {
                piece.plans().clear();
            }
            piece.plans().put(directives, plan);
        }
        return plan;
    }

    private Fault fault(String directives) {
        Fault known = faults.get(directives);
        if (known != null) {
            return known;
        }
        Fault fault = Fault.parse(directives);
        if (faults.size() >= MOST_FAULTS) {
            faults.clear();
        }
        faults.put(directives, fault);
        return fault;
    }
}
