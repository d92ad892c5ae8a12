package dev.sluice.proxy;

import dev.sluice.protocol.Peek;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.Capabilities;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.Operation;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Route;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.auth.Authentication;
import dev.sluice.traffic.auth.Authenticator;
import dev.sluice.traffic.auth.Credentials;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.limits.Admission;
import dev.sluice.traffic.limits.Reservation;
import dev.sluice.traffic.routing.RoutePlan;
import dev.sluice.traffic.routing.Router;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The life of a call: the stages in order, one line each. A stage looks at what is known, writes down what it decided, and
 * answers null to go on or the failure that ends the call.
 */
final class Pipeline {
    /** One step of a call. */
    @FunctionalInterface
    private interface Stage {
        @Nullable
        Failure decide(Exchange x);
    }

    /** What is reserved for the output of a call that sets no limit itself. */
    static final long UNSTATED_OUTPUT_TOKENS = 512;
    /** Bytes of text per token, for the reservation; the settlement corrects it. */
    private static final int BYTES_PER_TOKEN = 4;

    private static final long LEASE_MARGIN_MILLIS = 60_000;

    private final DataPlane plane;
    private final ProxyOptions options;
    private final Router router;
    private final Attempts attempts;
    private final ErrorAnswer errors;
    private final Settler settler;
    private final ModelLists models;

    private final List<Stage> beforeBody = List.of(
            this::route, //
            this::method,
            this::authenticate,
            Pipeline::listing);

    /** The gateway answers these itself, but not for nothing. */
    private final List<Stage> beforeModels = List.of(this::admit);

    private final List<Stage> afterBody = List.of(
            this::peek, //
            this::keeper,
            this::admit,
            this::plan);

    Pipeline(
            DataPlane plane,
            ProxyOptions options,
            Router router,
            Attempts attempts,
            ErrorAnswer errors,
            Settler settler) {
        this.plane = plane;
        this.options = options;
        this.router = router;
        this.attempts = attempts;
        this.errors = errors;
        this.settler = settler;
        this.models = new ModelLists(errors, settler);
    }

    void run(Exchange x) {
        if (!passes(x, beforeBody)) return;
        if (x.operation() == Operation.MODELS) {
            if (passes(x, beforeModels)) models.answer(x);
            return;
        }
        if (x.operation() == Operation.REALTIME) {
            Failure refused = SocketRelay.prepare(x);
            if (refused == null) withBody(x);
            else errors.refuse(x, refused);
            return;
        }
        if (Upload.takes(x)) Upload.read(x, options, plane.load(), errors, this::withBody);
        else RequestBody.read(x, options, plane.load(), errors, this::withBody);
    }

    /** The client closed its connection. */
    void clientLeft(Exchange x) {
        if (x.ended) return;
        Attempt attempt = x.attempt;
        if (attempt != null) attempt.clientLeft();
        else settler.clientLeft(x);
    }

    /** The deadline of the call has passed. */
    void expired(Exchange x) {
        if (x.ended) return;
        Attempt attempt = x.attempt;
        boolean ofBody = x.deadlineKind == FailureKind.REQUEST_TIMEOUT;
        if (attempt != null && !ofBody) {
            attempt.expired();
        } else {
            // The client stopped within its body: that is no fault of the upstream that waits for the rest.
            if (attempt != null) attempt.cancel();
            Failure late = Failure.of(
                    x.deadlineKind,
                    ofBody
                            ? "the request body did not arrive in time (setting: --body-timeout-ms)"
                            : "the call took longer than the Model API's totalTimeoutMs");
            if (ofBody && x.upload == null) {
                errors.refuseAndClose(x, late);
            } else if (ofBody || x.failures.isEmpty()) {
                // An upload closes its connection itself when its call ends before it has.
                errors.refuse(x, late);
            } else {
                // In the pause before another attempt.
                x.failures.add(new Exchange.FailedAttempt(x.target(), late));
                errors.attemptsFailed(x, null);
            }
        }
    }

    private void withBody(Exchange x) {
        if (passes(x, afterBody)) attempts.begin(x);
    }

    private boolean passes(Exchange x, List<Stage> stages) {
        for (Stage stage : stages) {
            Failure refused = stage.decide(x);
            if (refused != null) {
                errors.refuse(x, refused);
                return false;
            }
        }
        return true;
    }

    private @Nullable Failure route(Exchange x) {
        Route found = x.snapshot.route(host(x), x.path);
        if (found == null) {
            return Failure.of(
                    FailureKind.ROUTE_NOT_FOUND,
                    "no Model API serves " + x.request.method() + " " + printable(x.path) + " on host "
                            + printable(host(x)) + "; check the base URL, or add a route to a Model API");
        }
        if (!found.operation().namesModelInPath() && RequestForm.hasEncodedSlash(x.path))
            return Failure.of(
                    FailureKind.INVALID_REQUEST,
                    "the path holds an encoded slash, which only the name of a model may hold");
        x.route = found;
        WireFormat plain = WireFormats.plain(found.operation(), x.item());
        x.form = plain == null ? Capabilities.form(found.operation(), x.path) : null;
        x.wire = x.form == null ? plain : WireFormats.of(x.form);
        x.asked = AskedOutside.of(found.operation(), x.path, x.request.headers());
        return null;
    }

    private @Nullable Failure method(Exchange x) {
        boolean creates = x.operation() == Operation.RESPONSES && x.item().isEmpty();
        String expected = creates ? "POST" : x.operation().method();
        if (expected == null || x.request.method().name().equals(expected)) return action(x);
        return Failure.of(
                FailureKind.METHOD_NOT_ALLOWED,
                x.request.method() + " is not allowed on this path (expected: " + expected + ")");
    }

    /** Tencent's clients name the action in a header; they may as well leave it to the path. */
    private static @Nullable Failure action(Exchange x) {
        if (x.operation() != Operation.HUNYUAN_CHAT) return null;
        String action = x.request.getHeader("x-tc-action");
        if (action == null || action.equals("ChatCompletions")) return null;
        return Failure.of(
                FailureKind.INVALID_REQUEST,
                "action \"" + printable(action) + "\" is not offered (expected: ChatCompletions)",
                "X-TC-Action");
    }

    private @Nullable Failure authenticate(Exchange x) {
        return switch (judge(x, x.snapshot, x.api(), x.startedAtMillis)) {
            case Authentication.Known(Caller caller) -> {
                x.caller = caller;
                yield null;
            }
            case Authentication.Anonymous() -> null;
            case Authentication.Refused(Failure failure) -> failure;
        };
    }

    /** What the credentials of a call are worth at a moment. */
    static Authentication judge(Exchange x, Snapshot snapshot, BoundModelApi api, long nowMillis) {
        ModelApi.Authentication places = api.spec().authentication();
        String custom = null;
        if (places.header() != null) custom = x.request.getHeader(places.header());
        String parameter = x.keyParameter();
        if (custom == null && parameter != null) custom = x.request.getParam(parameter);
        Credentials shown = new Credentials(
                SocketRelay.authorization(x),
                x.request.getHeader("x-api-key"),
                x.request.getHeader("api-key"),
                x.request.getHeader("x-goog-api-key"),
                custom,
                x.remoteIp());
        return Authenticator.authenticate(snapshot, api, shown, nowMillis);
    }

    /** A list shows what all consumers made, so that some Model APIs have none. */
    private static @Nullable Failure listing(Exchange x) {
        if (!x.operation().keepsThings()
                || x.api().spec().listing() == ModelApi.Listing.EVERYONE
                || !KeptThings.isList(x)) return null;
        return Failure.of(
                FailureKind.PERMISSION_DENIED,
                "Model API \"" + x.api().name() + "\" lists nothing, since a list shows what others made; ask for"
                        + " things by their ids, or let an operator set listing: everyone");
    }

    private @Nullable Failure peek(Exchange x) {
        if (x.operation() == Operation.MESSAGE_BATCHES && x.body.length > 0) {
            x.batch = Batch.ofMessages(x.body);
            return x.batch.problem();
        }
        if (x.operation() == Operation.UPLOADS && x.item().isEmpty() && OpenAi.isForBatch(x.body))
            return Failure.of(
                    FailureKind.INVALID_REQUEST,
                    "the file of a batch cannot come in parts, since the models in its lines are looked at;"
                            + " send it with POST /v1/files",
                    "purpose");
        if (x.wire == null || x.isForm || !isRead(x)) return null;
        return switch (x.wire.peek(x.body, x.asked)) {
            case RequestHead head -> {
                x.head = head;
                yield null;
            }
            case Peek.Malformed(String message, String param) ->
                Failure.of(FailureKind.INVALID_REQUEST, message, param);
        };
    }

    /** Whether the body says something that matters here; of what an operation keeps only some calls have one. */
    private static boolean isRead(Exchange x) {
        return switch (x.operation()) {
            case FILES, BATCHES, MESSAGE_BATCHES, ANTHROPIC_FILES, CONVERSATIONS, UPLOADS, CONTAINERS, VECTOR_STORES ->
                false;
            case RESPONSES -> x.body.length > 0 || x.item().isEmpty();
            default -> !x.operation().hasItems() || x.body.length > 0;
        };
    }

    private @Nullable Failure admit(Exchange x) {
        if (x.caller == null) return null;
        RequestHead head = x.head;
        long estimate = head == null || x.isCount()
                ? 0
                : head.input().totalBytes() / BYTES_PER_TOKEN
                        + (head.maxOutputTokens() > 0 ? head.maxOutputTokens() : UNSTATED_OUTPUT_TOKENS);
        long lease = leaseMillis(x, options.transport().sessions());
        x.admittedAtMillis = plane.steady().millis();
        return switch (plane.limiter().admit(x.caller, estimate, lease, x.admittedAtMillis)) {
            case Reservation reservation -> {
                x.reservation = reservation;
                yield null;
            }
            case Admission.Refused(Failure failure, var state) -> {
                RateLimitHeaders.put(x.response.headers(), List.of(state));
                yield failure;
            }
        };
    }

    /** How long a call may hold what is reserved for it: a little longer than it may take. */
    static long leaseMillis(Exchange x, Sessions sessions) {
        long session = x.operation() == Operation.REALTIME ? sessions.limit().toMillis() : 0;
        return Math.max(session, x.api().spec().totalTimeoutMs()) + LEASE_MARGIN_MILLIS;
    }

    /** What a call names that a deployment keeps decides where it goes. */
    private @Nullable Failure keeper(Exchange x) {
        return KeptThings.read(x, plane.ids());
    }

    private @Nullable Failure plan(Exchange x) {
        KeptThings kept = x.kept;
        RoutePlan planned;
        if (kept == null) planned = router.plan(x.api(), x.askedModel(), x.caller, x.request::getHeader);
        else if (x.head == null && x.askedModel().isEmpty())
            planned = Router.planAt(kept.keeper().alone());
        else
            planned = Router.planAt(
                    x.api(), x.askedModel(), x.caller, kept.keeper().alone());
        if (x.batch != null) planned = x.batch.judged(x, planned);
        return switch (planned) {
            case RoutePlan.Ordered(var targets) -> {
                x.targets = targets;
                yield null;
            }
            case RoutePlan.Refused(Failure failure) -> failure;
        };
    }

    static String host(Exchange x) {
        String host = x.request.getHeader(HttpHeaders.HOST);
        // HTTP/2 has a pseudo header in its place.
        if (host == null)
            return x.request.authority() == null
                    ? ""
                    : lowerCase(x.request.authority().host());
        // An IPv6 address is in brackets, and its colons are inside.
        int port = host.indexOf(':', host.lastIndexOf(']') + 1);
        return lowerCase(port < 0 ? host : host.substring(0, port));
    }

    private static String lowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') return name.toLowerCase(Locale.ROOT);
        }
        return name;
    }

    /** At most 200 characters of a client's text, without control characters, for a message. */
    static String printable(String text) {
        return AnswerHeaders.printable(text);
    }
}
