package dev.sluice.proxy;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.multipart.MultipartReader;
import dev.sluice.settings.Operation;
import dev.sluice.settings.Protocol;
import dev.sluice.settings.catalogue.Task;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Route;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.limits.Reservation;
import dev.sluice.traffic.routing.Target;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call from beginning to end: what each stage decided and what came of it. Stages write it, observers read it.
 * Owned by one event loop.
 */
final class Exchange {
    private static final byte[] NO_BODY = new byte[0];

    final String id;
    final HttpServerRequest request;
    final HttpServerResponse response;
    final String path;
    final Snapshot snapshot;
    final long startedAtMillis;
    private final String remoteIp;
    /** In steady time; 0 before. */
    long admittedAtMillis;

    final long startedAtNanos;

    Connections.@Nullable Guest guest;

    /** The client sends its body only when it is asked to. */
    boolean awaitsContinue;

    // what the stages decided
    @Nullable
    Route route;

    @Nullable
    WireFormat wire;

    /** The form of the client's request; null where it is not read. */
    @Nullable
    WireForm form;

    /** What path and headers of the request say that other formats say in the body. */
    Asked asked = Asked.IN_BODY;

    @Nullable
    Caller caller;

    @Nullable
    RequestHead head;

    @Nullable
    Reservation reservation;

    /** The body so far as it is in memory: all of it, or the beginning of an {@link #upload}. */
    byte[] body = NO_BODY;

    /** The rest of a body that is not in memory; null where all of it is. */
    @Nullable
    Upload upload;

    /** The things of one deployment that the call names; null if it names none. */
    @Nullable
    KeptThings kept;

    /** The body is a form, not JSON. */
    boolean isForm;

    /** Fields of the form that may name things, of the part that is in memory. */
    List<MultipartReader.Field> formIds = List.of();

    /** What the body asks for is a batch, or the file of the form has its requests. */
    @Nullable
    Batch batch;

    /** Bytes of the body that are not in memory, or no longer. */
    long streamedBytes;

    int bufferedBytes;
    /** Bytes of the answer that are held back, see {@link Load#hold}. */
    int answerBytes;
    /** What waits for a client that is slow to take its answer, see {@link Load#waits}. */
    int queuedBytes;

    /** What the URLs of the call lead to; null before one had to be fetched. */
    @Nullable
    CallMedia media;

    List<Target> targets = List.of();

    /** The request in the canonical form, once a target needed it. */
    @Nullable
    ChatRequest conversation;

    // the attempts
    int targetIndex;

    @Nullable
    Attempt attempt;

    int attemptsMade;
    final List<FailedAttempt> failures = new ArrayList<>(0);

    // what came of it
    @Nullable
    Target answeredBy;

    @Nullable
    BoundKey answeredWith;

    @Nullable
    Usage reportedUsage;

    /** What the answer told of images, sound and video. */
    Units units = Units.NONE;

    TextSample delivered = TextSample.EMPTY;

    /** Batches, tasks and responses of the background that have ended, as the answer tells. */
    List<JobUsage> jobs = List.of();

    /** The vendor's id of what this call has begun and the provider goes on with; its usage is that of a job. */
    @Nullable
    String begun;

    /** What the client advised and the last attempt did not tell, separated by commas. */
    String ignored = "";

    /** The conversation that an agent service keeps of this call. */
    @Nullable
    String conversationId;

    boolean sent;
    boolean committed;
    boolean ended;
    boolean streamed;
    long firstContentNanos;
    long responseBytes;

    // the deadline, see Deadlines
    long deadlineNanos = Long.MAX_VALUE;
    FailureKind deadlineKind = FailureKind.REQUEST_TIMEOUT;

    @Nullable
    Exchange previous;

    @Nullable
    Exchange next;

    private final java.util.function.Consumer<Exchange> onDeadline;

    /** One attempt that did not lead to an answer. */
    record FailedAttempt(Target target, Failure failure) {}

    Exchange(
            String id,
            HttpServerRequest request,
            String remoteIp,
            Snapshot snapshot,
            long startedAtMillis,
            java.util.function.Consumer<Exchange> onDeadline) {
        this.id = id;
        this.request = request;
        this.remoteIp = remoteIp;
        this.response = request.response();
        this.path = request.path() == null ? "" : request.path();
        this.snapshot = snapshot;
        this.startedAtMillis = startedAtMillis;
        this.startedAtNanos = System.nanoTime();
        this.onDeadline = onDeadline;
    }

    BoundModelApi api() {
        return route().api();
    }

    Route route() {
        return Objects.requireNonNull(route);
    }

    Operation operation() {
        return route().operation();
    }

    /** The query parameter that may carry the key: the Model API's own, else that of Google's clients where their protocol is spoken; null for none. */
    @Nullable
    String keyParameter() {
        String own = api().spec().authentication().queryParameter();
        if (own != null) return own;
        boolean ofGoogle =
                api().spec().protocol() == Protocol.GEMINI || operation().protocol() == Protocol.GEMINI;
        return ofGoogle ? "key" : null;
    }

    Target target() {
        return targets.get(targetIndex);
    }

    /** The client's model, the first one of a batch; empty where the operation has none. */
    String askedModel() {
        RequestHead h = head;
        if (h != null) return h.model();
        return batch == null ? "" : batch.model();
    }

    /** Whether the client only wants to know how many tokens its request has. */
    boolean isCount() {
        WireForm of = form;
        return of != null && of.task() == Task.COUNT;
    }

    /** The part of the path below an operation that keeps things, e.g. {@code /resp_1/cancel}; empty elsewhere. */
    String item() {
        if (!route().prefix()) return "";
        String full = route().fullPath();
        return path.substring(Math.min(path.length(), full.equals("/") ? 0 : full.length()));
    }

    /** Whether the call may be sent again although an upstream may have acted on it. */
    boolean isRepeatable() {
        Upload streamed = upload;
        return (streamed == null || !streamed.hasBegun()) && !SideEffects.has(this);
    }

    /** The request will not be sent again: a stream may last for minutes, and its request is no longer of use. */
    void forgetRequest(Load load) {
        load.release(bufferedBytes);
        streamedBytes += bufferedBytes;
        bufferedBytes = 0;
        body = NO_BODY;
        conversation = null;
        if (media != null) media.close();
        media = null;
    }

    boolean wantsStream() {
        RequestHead h = head;
        return h != null && h.stream();
    }

    /** Where the client is. */
    String remoteIp() {
        return remoteIp;
    }

    /** Asks a client that waits for it ({@code Expect: 100-continue}) to send the body. */
    void inviteBody() {
        if (!awaitsContinue) return;
        awaitsContinue = false;
        response.writeContinue();
    }

    void deadline(FailureKind kind, long atNanos) {
        deadlineKind = kind;
        deadlineNanos = atNanos;
    }

    void expired() {
        deadlineNanos = Long.MAX_VALUE;
        onDeadline.accept(this);
    }
}
