package dev.sluice.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.multipart.MultipartReader;
import dev.sluice.protocol.openai.KeptIds;
import dev.sluice.settings.Operation;
import dev.sluice.traffic.affinity.Deployment;
import dev.sluice.traffic.affinity.IdSeal;
import dev.sluice.traffic.affinity.Whereabouts;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about things that providers keep: the deployment that keeps all of them, and the vendor's own ids, which
 * it is sent in place of the client's.
 */
final class KeptThings {
    private final Exchange x;
    private final IdSeal seal;
    /** The vendor's ids by those that the client gave. */
    private final Map<String, String> ids = new HashMap<>(4);
    /** And the other way round. */
    private final Map<String, String> given = new HashMap<>(4);

    private List<Splice> edits = List.of();
    private @Nullable Deployment keeper;
    private String first = "";
    private @Nullable Failure refused;

    private KeptThings(Exchange x, IdSeal seal) {
        this.x = x;
        this.seal = seal;
    }

    /** Notes in the exchange what its path, query and body name; why the call cannot be made, if it cannot. */
    static @Nullable Failure read(Exchange x, IdSeal seal) {
        Operation operation = x.operation();
        boolean leads =
                operation.keepsThings() || operation == Operation.OPENAI_COUNT_TOKENS || operation == Operation.OPAQUE;
        // Other calls, of which there are most, can name files only.
        if (leads ? !x.snapshot.keepsThings() : !x.snapshot.keepsFiles()) return null;
        String uri = x.request.uri();
        boolean inTarget = IdSeal.mayHold(uri);
        boolean inBody = !x.isForm && x.upload == null && x.body.length > 0 && IdSeal.mayHold(x.body);
        boolean inForm = x.isForm && namesThings(x);
        if (!inTarget && !inBody && !inForm) return null;
        KeptThings found = new KeptThings(x, seal);
        if (inTarget) for (String word : uri.split("[/?&=#]", -1)) found.open(word);
        if (inBody) found.edits = KeptIds.inRequest(x.body, found::open);
        if (inForm) found.readForm();
        if (found.refused == null && found.keeper != null) x.kept = found;
        return found.refused;
    }

    private static boolean namesThings(Exchange x) {
        for (MultipartReader.Field field : x.formIds) {
            if (IdSeal.isSealed(field.value())) return true;
        }
        return x.batch != null && !x.batch.ids().isEmpty();
    }

    private void readForm() {
        List<Splice> found = new ArrayList<>(1);
        for (MultipartReader.Field field : x.formIds) {
            String id = open(field.value());
            if (id != null) found.add(new Splice((int) field.from(), (int) field.to(), id.getBytes(US_ASCII)));
        }
        edits = found;
        // Lines are rewritten as they are sent: what was read so far decides where to.
        if (x.batch != null) x.batch.ids().forEach(this::open);
    }

    /**
     * The vendor's spelling of ids in the lines of a file that is on its way to a deployment.
     *
     * @param refuse is told of the first id that is not kept there
     */
    static Function<String, @Nullable String> keptBy(
            Deployment keeper, Exchange x, IdSeal seal, Consumer<Failure> refuse) {
        KeptThings further = new KeptThings(x, seal);
        further.keeper = keeper;
        further.first = "what came before";
        return text -> {
            String id = further.open(text);
            Failure failure = further.refused;
            if (failure != null) refuse.accept(failure);
            return id;
        };
    }

    private @Nullable String open(String text) {
        if (refused != null || !IdSeal.isSealed(text)) return null;
        String known = ids.get(text);
        if (known != null) return known;
        return switch (Whereabouts.of(seal, x.snapshot, x.api(), x.caller, text, x.startedAtMillis)) {
            case Whereabouts.Refused(Failure failure) -> {
                refused = failure;
                yield null;
            }
            case Whereabouts.Known(Deployment where, String id) -> {
                Deployment before = keeper;
                if (before != null && !before.isSame(where)) {
                    refused = Failure.of(
                            FailureKind.INVALID_REQUEST,
                            "the call names things of two deployments: \"" + first + "\" is kept by " + before + ", \""
                                    + text + "\" by " + where + "; make one of them again where the other is");
                    yield null;
                }
                if (before == null) {
                    keeper = where;
                    first = text;
                }
                ids.put(text, id);
                given.put(id, text);
                yield id;
            }
        };
    }

    /** The deployment that keeps all that is named. */
    Deployment keeper() {
        Deployment where = keeper;
        if (where == null) throw new IllegalStateException("nothing is named");
        return where;
    }

    /** Edits of the body, in ascending order. */
    List<Splice> edits() {
        return edits;
    }

    /** A path or query with the vendor's ids in place of the client's. */
    String unsealed(String target) {
        String own = target;
        for (Map.Entry<String, String> id : ids.entrySet()) own = own.replace(id.getKey(), id.getValue());
        return own;
    }

    /** How ids of an answer are spelled for the client; null where they are left as they are. */
    static @Nullable Function<String, @Nullable String> spelling(Attempt attempt) {
        Exchange x = attempt.exchange();
        if (!x.operation().keepsThings()) return null;
        Deployment where = new Deployment(attempt.target().service(), attempt.key());
        IdSeal seal = attempt.plane().ids();
        KeptThings asked = x.kept;
        return id -> {
            if (id.isEmpty()) return null;
            // What the client named it knows by the id that it gave.
            String known = asked == null ? null : asked.given.get(id);
            return known == null ? seal.seal(x.api(), where, id) : known;
        };
    }

    /** A failure of a call whose path names a thing: a 404 says that it is gone, not that the address is wrong. */
    static Failure orMissing(Exchange x, Failure failure) {
        boolean missing = failure.kind() == FailureKind.UPSTREAM_REFUSED
                && failure.upstreamStatus() == 404
                && x.operation().keepsThings()
                && !x.item().isEmpty();
        return missing
                ? new Failure(
                        FailureKind.THING_NOT_FOUND,
                        failure.message(),
                        failure.upstreamStatus(),
                        failure.upstream(),
                        failure.retryAfterMillis(),
                        failure.param())
                : failure;
    }

    /** Whether a call is about all that is kept rather than about one thing: whatever it does to all of them, it makes none. */
    static boolean isList(Exchange x) {
        String item = x.item();
        for (int i = 0; i < item.length(); i++) if (item.charAt(i) != '/') return false;
        return !x.request.method().equals(HttpMethod.POST);
    }

    /** Whether a call asks for the content of a file or a video or the results of a batch, which is nothing to read whatever it is. */
    static boolean isContent(Exchange x) {
        return switch (x.operation()) {
            case FILES, ANTHROPIC_FILES, VIDEOS, CONTAINERS -> x.item().endsWith("/content");
            case MESSAGE_BATCHES -> x.item().endsWith("/results");
            default -> false;
        };
    }

    /** Edits of a whole answer, so that its ids lead back to where it comes from. */
    static List<Splice> edits(Attempt attempt, byte[] json) {
        Function<String, @Nullable String> spelling = spelling(attempt);
        if (spelling == null) return List.of();
        // The parts of a response or a conversation are not called by themselves, what they refer to is.
        String item = attempt.exchange().item();
        boolean parts = item.endsWith("/input_items") || item.contains("/items");
        return parts ? KeptIds.inParts(json, spelling) : KeptIds.inAnswer(json, spelling);
    }
}
