package dev.sluice.proxy;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.anthropic.MessageBatch;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.openai.BatchLines;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.affinity.Deployment;
import dev.sluice.traffic.affinity.IdSeal;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.failure.FallbackRule;
import dev.sluice.traffic.routing.RoutePlan;
import dev.sluice.traffic.routing.Router;
import dev.sluice.traffic.routing.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a batch that a call hands in, the lines of a file or the elements of a body: the model of each is treated like that of
 * a call, and all of them go to the same service. What is in memory of them is judged before anything is sent, the rest of a file on its way.
 */
final class Batch {
    /** How many models the requests in memory may name. */
    private static final int MOST_MODELS = 1_000;

    /** By model, the first request that names it. */
    private final Map<String, Long> models = new LinkedHashMap<>(4);
    /** Things that the lines in memory name, see {@link KeptThings}. */
    private final List<String> ids = new ArrayList<>(0);
    /** Of a body of JSON. */
    private final List<MessageBatch.Model> elements;
    /** Where the file lies in the part of a form that is in memory. */
    private final int from;

    private final int to;
    /** Whether nothing of the file follows. */
    private final boolean whole;

    private @Nullable Failure problem;

    private Batch(List<MessageBatch.Model> elements, int from, int to, boolean whole) {
        this.elements = elements;
        this.from = from;
        this.to = to;
        this.whole = whole;
        for (MessageBatch.Model model : elements) add(model.name(), model.request());
    }

    /** The requests of a body of JSON. */
    static Batch ofMessages(byte[] body) {
        MessageBatch read = MessageBatch.read(body);
        Batch batch = new Batch(read.models(), 0, 0, true);
        if (read.problem() != null) batch.refuse(Failure.of(FailureKind.INVALID_REQUEST, read.problem()));
        return batch;
    }

    /**
     * The lines of a file that is part of a form.
     *
     * @param to offset behind what is in memory of the file
     * @param whole whether nothing of it follows
     */
    static Batch ofFile(byte[] form, int from, int to, boolean whole) {
        Batch batch = new Batch(List.of(), from, to, whole);
        batch.pass(form, new BatchLines(batch.new Listening()));
        return batch;
    }

    private byte[] pass(byte[] form, BatchLines lines) {
        byte[] first = lines.feed(Arrays.copyOfRange(form, from, to));
        return whole ? joined(first, lines.end()) : first;
    }

    static byte[] joined(byte[] first, byte[] rest) {
        if (rest.length == 0) return first;
        byte[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    /** Notes what lines name. */
    private final class Listening implements BatchLines.Rewriter {
        @Override
        public @Nullable String id(String id) {
            if (IdSeal.isSealed(id)) ids.add(id);
            return null;
        }

        @Override
        public @Nullable String model(String model, long line) {
            add(model, line);
            return null;
        }

        @Override
        public void unreadable(long line, String why) {
            refuse(Batch.unreadable(line, why));
        }
    }

    private void add(String model, long request) {
        if (models.putIfAbsent(model, request) == null && models.size() > MOST_MODELS)
            refuse(Failure.of(
                    FailureKind.INVALID_REQUEST,
                    "the batch names more than " + MOST_MODELS + " models; make several batches of it"));
    }

    private void refuse(Failure failure) {
        if (problem == null) problem = failure;
    }

    /** Why the call cannot be made wherever it would go. */
    @Nullable
    Failure problem() {
        return problem;
    }

    /** The model of the first request that names one; empty if there is none. */
    String model() {
        for (String model : models.keySet()) if (!model.isEmpty()) return model;
        return "";
    }

    List<String> ids() {
        return ids;
    }

    /** A plan for the first model, without the targets that do not take all requests in memory; refused if none is left. */
    RoutePlan judged(Exchange x, RoutePlan planned) {
        return switch (planned) {
            case RoutePlan.Ordered(var targets) -> among(x, targets);
            case RoutePlan.Refused(Failure failure) -> {
                Long first = models.get(model());
                yield first == null || failure.param() == null ? planned : new RoutePlan.Refused(at(first, failure));
            }
        };
    }

    private RoutePlan among(Exchange x, List<Target> planned) {
        List<Target> taking = new ArrayList<>(planned.size());
        Failure refused = null;
        for (Target target : planned) {
            Failure refusal = refusal(x, target.service());
            if (refusal == null) taking.add(target);
            else if (refused == null) refused = refusal;
            boolean goesOn = !taking.isEmpty()
                    || refusal == null
                    || FallbackRule.covers(x.api().spec().fallback(), refusal);
            if (!goesOn) break;
        }
        return taking.isEmpty() && refused != null ? new RoutePlan.Refused(refused) : new RoutePlan.Ordered(taking);
    }

    private @Nullable Failure refusal(Exchange x, BoundService service) {
        for (Map.Entry<String, Long> model : models.entrySet()) {
            if (plan(x, model.getKey(), service) instanceof RoutePlan.Refused(var failure))
                return at(model.getValue(), failure);
        }
        return null;
    }

    private static RoutePlan plan(Exchange x, String model, BoundService service) {
        // What is kept somewhere has the last word on where its batch goes, as it has for a call.
        return x.kept == null
                ? Router.planBeside(x.api(), model, x.caller, service)
                : Router.planAt(x.api(), model, x.caller, service);
    }

    /** The failure of one request, which says which. */
    private Failure at(long request, Failure failure) {
        String where = elements.isEmpty() ? "line " + request + " of the file: " : "requests[" + request + "]: ";
        return Failure.of(failure.kind(), where + failure.message(), failure.param());
    }

    private static Failure unreadable(long line, String why) {
        return Failure.of(
                FailureKind.INVALID_REQUEST,
                "line " + line + " of the file " + why + " (expected: a JSON object with the request, in one line)");
    }

    /** The edit of a form that rewrites what is in memory of its file. */
    Splice edit(byte[] form, BatchLines lines) {
        return new Splice(from, to, pass(form, lines));
    }

    /** Edits of a body of JSON, in ascending order: the models as the service calls them. */
    List<Splice> edits(Exchange x, BoundService service) {
        Naming naming = new Naming(x, service, _ -> {});
        List<Splice> edits = new ArrayList<>(0);
        for (MessageBatch.Model model : elements) {
            String sent = naming.model(model.name(), model.request());
            if (sent != null && !sent.equals(model.name()))
                edits.add(new Splice(
                        model.from(), model.to(), new JsonWriter().string(sent).toBytes()));
        }
        return edits;
    }

    /**
     * What rewrites the lines of a file on its way to a deployment.
     *
     * @param refuse is told why the call cannot go on, at the first line that shows it
     */
    BatchLines linesTo(Deployment to, Exchange x, IdSeal seal, Consumer<Failure> refuse) {
        Naming naming = new Naming(x, to.service(), refuse);
        Function<String, @Nullable String> spelling = KeptThings.keptBy(to, x, seal, refuse);
        return new BatchLines(new BatchLines.Rewriter() {
            @Override
            public @Nullable String id(String id) {
                return spelling.apply(id);
            }

            @Override
            public @Nullable String model(String model, long line) {
                return naming.model(model, line);
            }

            @Override
            public void unreadable(long line, String why) {
                refuse.accept(Batch.unreadable(line, why));
            }
        });
    }

    /** The names that a service is sent. Most requests name the model of the one before. */
    private final class Naming {
        private final Exchange x;
        private final BoundService service;
        private final Consumer<Failure> refuse;
        private @Nullable String asked;
        private @Nullable String sent;

        Naming(Exchange x, BoundService service, Consumer<Failure> refuse) {
            this.x = x;
            this.service = service;
            this.refuse = refuse;
        }

        @Nullable
        String model(String model, long request) {
            if (model.equals(asked)) return sent;
            asked = model;
            switch (plan(x, model, service)) {
                case RoutePlan.Ordered(var targets) -> sent = targets.getFirst().model();
                case RoutePlan.Refused(Failure failure) -> {
                    sent = null;
                    refuse.accept(at(request, failure));
                }
            }
            return sent;
        }
    }
}
