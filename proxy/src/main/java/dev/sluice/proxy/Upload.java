package dev.sluice.proxy;

import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.Splice;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.multipart.MultipartReader;
import dev.sluice.protocol.openai.BatchLines;
import dev.sluice.protocol.openai.KeptIds;
import dev.sluice.settings.Operation;
import dev.sluice.traffic.affinity.IdSeal;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.routing.Router;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request body that is not held in memory: a form with files, or one that nobody reads. Its beginning is kept until it is
 * known where the call goes; the rest then passes from the client to the upstream, and whichever is slower sets the pace. A body
 * that fits into the beginning is like any other; one that does not cannot be sent twice.
 */
final class Upload {
    /** How much of a body is kept whose form names no model. */
    private static final int WINDOW = 64 << 10;

    private static final Set<String> FIELDS = Set.of("model", "stream");
    private static final Set<String> FIELDS_OF_FILES = Set.of("purpose");
    private static final String SECOND_FILE = "it has two files; send each by itself";

    private final Exchange x;
    private final ProxyOptions options;
    private final Load load;
    private final ErrorAnswer errors;
    private final Consumer<Exchange> then;
    private final @Nullable MultipartReader form;
    private final boolean readsModel;
    private byte[] beginning = new byte[4096];
    private int length;
    private boolean decided;
    private boolean begun;
    private boolean received;
    private boolean abandoned;
    private long decidedAtNanos;
    /** How long the client has been kept from sending. */
    private long notClientsNanos;

    private @Nullable BatchLines lines;
    private @Nullable Attempt attempt;
    private @Nullable HttpClientRequest sink;

    private Upload(Exchange x, ProxyOptions options, Load load, ErrorAnswer errors, Consumer<Exchange> then) {
        this.x = x;
        this.options = options;
        this.load = load;
        this.errors = errors;
        this.then = then;
        boolean ofFile = x.operation().keepsFiles();
        boolean mayName = x.snapshot.keepsThings();
        this.form = x.wire == null
                ? null
                : MultipartReader.of(
                        x.request.getHeader("content-type"),
                        ofFile ? FIELDS_OF_FILES : FIELDS,
                        name -> mayName && KeptIds.isIdField(name));
        this.readsModel = form != null && !ofFile;
    }

    /** Whether the body of a call is one of these: opaque ones, and forms of operations that take them. */
    static boolean takes(Exchange x) {
        return switch (x.operation()) {
            case OPAQUE -> true;
            case FILES,
                    ANTHROPIC_FILES,
                    UPLOADS,
                    CONTAINERS,
                    VIDEOS,
                    IMAGE_EDITS,
                    IMAGE_VARIATIONS,
                    TRANSCRIPTIONS,
                    TRANSLATIONS -> MultipartReader.isForm(x.request.getHeader("content-type"));
            default -> false;
        };
    }

    /** Hands over when enough of the body is there to know where the call goes. */
    static void read(Exchange x, ProxyOptions options, Load load, ErrorAnswer errors, Consumer<Exchange> then) {
        Upload upload = new Upload(x, options, load, errors, then);
        if (x.wire != null && upload.form == null) {
            upload.refuse(Failure.of(
                    FailureKind.INVALID_REQUEST,
                    "the content type multipart/form-data names no boundary of 1 to 70 characters"));
            return;
        }
        if (RequestBody.isGzip(x)) {
            upload.refuse(Failure.of(
                    FailureKind.INVALID_REQUEST,
                    "a body that is passed on as it comes must not be encoded (expected: no content-encoding)"));
            return;
        }
        if (upload.isTooLong(upload.declaredLength())) return;
        x.deadline(FailureKind.REQUEST_TIMEOUT, RequestBody.deadline(x, 0, 0, options));
        x.inviteBody();
        x.upload = upload;
        x.isForm = upload.form != null;
        x.request.handler(upload::take);
        x.request.endHandler(_ -> upload.ended());
    }

    /** Whether bytes have gone out that are no longer in memory. */
    boolean hasBegun() {
        return begun;
    }

    /** Refuses a body of this length if that is longer than the Model API allows. */
    private boolean isTooLong(long bytes) {
        long most = x.api().spec().maxUploadBytes();
        if (most == 0 || bytes <= most) return false;
        refuse(RequestBody.tooLarge(
                bytes, most, "maxUploadBytes of Model API \"" + x.api().name() + "\""));
        return true;
    }

    private void take(Buffer chunk) {
        if (abandoned || x.ended) return;
        if (isTooLong(x.bufferedBytes + x.streamedBytes + chunk.length())) return;
        byte[] bytes = chunk.getBytes();
        MultipartReader reader = form;
        if (reader != null) reader.feed(bytes, 0, bytes.length);
        if (reader != null && reader.problem() != null) {
            malformed(String.valueOf(reader.problem()));
            return;
        }
        if (decided && reader != null && namesTooLate(reader)) return;
        if (decided) pass(chunk, bytes);
        else keep(bytes);
    }

    private void keep(byte[] bytes) {
        if (!load.buffer(bytes.length, options.maxBufferedBytes())) {
            refuse(Failure.overloaded());
            return;
        }
        x.bufferedBytes += bytes.length;
        x.deadline(FailureKind.REQUEST_TIMEOUT, RequestBody.deadline(x, x.bufferedBytes, 0, options));
        int needed = length + bytes.length;
        if (needed > beginning.length) beginning = Arrays.copyOf(beginning, Math.max(needed, 2 * beginning.length));
        System.arraycopy(bytes, 0, beginning, length, bytes.length);
        length = needed;
        MultipartReader reader = form;
        if (!readsModel ? length >= WINDOW : reader != null && reader.field("model") != null && length >= WINDOW) {
            decide();
        } else if (readsModel && length > RequestBody.most(x, options)) {
            refuse(Failure.of(
                    FailureKind.INVALID_REQUEST,
                    "the form has no field \"model\" in its first " + RequestBody.most(x, options)
                            + " bytes; send \"model\" before the file (setting: " + RequestBody.setting(x, options)
                            + ")",
                    "model"));
        }
    }

    private void ended() {
        if (abandoned || x.ended) return;
        received = true;
        if (!decided) {
            x.upload = null;
            decide();
            return;
        }
        HttpClientRequest open = sink;
        Attempt current = attempt;
        BatchLines rewriter = lines;
        // A form whose end is missing.
        byte[] rest = rewriter == null ? new byte[0] : rewriter.end();
        if (isCut()) return;
        if (open != null && rest.length > 0) open.end(Buffer.buffer(rest));
        else if (open != null) open.end();
        if (current != null) current.uploaded();
    }

    private void decide() {
        decided = true;
        decidedAtNanos = System.nanoTime();
        if (!received) x.request.pause();
        MultipartReader reader = form;
        if (readsModel && reader != null) {
            MultipartReader.Field model = reader.field("model");
            boolean needsModel = x.operation() == Operation.TRANSCRIPTIONS || x.operation() == Operation.TRANSLATIONS;
            if (needsModel && (model == null || model.value().isEmpty())) {
                refuse(Failure.of(
                        FailureKind.INVALID_REQUEST,
                        "the form has no field \"model\"; name the model to call",
                        "model"));
                return;
            }
            if (model != null) {
                x.head = new RequestHead(
                        model.value(),
                        (int) model.from(),
                        (int) model.to(),
                        "true".equals(reader.value("stream")),
                        null,
                        false,
                        0,
                        TextSample.EMPTY);
            }
        }
        x.body = length == beginning.length ? beginning : Arrays.copyOf(beginning, length);
        beginning = new byte[0];
        if (reader != null) {
            x.formIds = List.copyOf(reader.listed());
            if (x.operation() == Operation.FILES && hasRequestLines(reader)) x.batch = batch(reader);
        }
        Failure problem = x.batch == null ? null : x.batch.problem();
        if (problem != null) refuse(problem);
        else if (reader != null && hasSecondFile(reader)) malformed(SECOND_FILE);
        else then.accept(x);
    }

    /** Whether a file is the requests of a batch, as far as its form has told what it is for. */
    private static boolean hasRequestLines(MultipartReader reader) {
        String purpose = reader.value("purpose");
        String name = reader.fileName();
        return purpose == null ? name != null && name.endsWith(".jsonl") : purpose.equals("batch");
    }

    private Batch batch(MultipartReader reader) {
        int from = (int) Math.min(reader.fileFrom(), x.body.length);
        int to = (int) Math.min(reader.fileTo(), x.body.length);
        return Batch.ofFile(x.body, from, to, received || reader.fileTo() <= x.body.length);
    }

    /** Of two files the provider might believe the one that was not looked at. */
    private boolean hasSecondFile(MultipartReader reader) {
        return x.batch != null && reader.files() > 1;
    }

    /** Where the call goes is decided: whether a field says something that should have had a say in it. */
    private boolean namesTooLate(MultipartReader reader) {
        if (hasSecondFile(reader)) {
            malformed(SECOND_FILE);
            return true;
        }
        if (x.operation() == Operation.FILES && x.batch == null && "batch".equals(reader.value("purpose"))) {
            malformed("\"purpose\" is said behind its first " + x.bufferedBytes + " bytes; send it before the file");
            return true;
        }
        List<MultipartReader.Field> listed = reader.listed();
        for (int i = x.formIds.size(); i < listed.size(); i++) {
            String value = listed.get(i).value();
            if (!IdSeal.isSealed(value)) continue;
            malformed("\"" + value + "\" is named behind its first " + x.bufferedBytes
                    + " bytes; send fields that name things before the file");
            return true;
        }
        return false;
    }

    /** Sends the beginning, as the attempt wants it, and everything that follows. */
    void sendTo(Attempt to, HttpClientRequest opened, Sending what) {
        attempt = to;
        sink = opened;
        begun = true;
        notClientsNanos = System.nanoTime() - decidedAtNanos;
        BatchLines rewriter = what.lines();
        lines = rewriter;
        long declared = declaredLength();
        boolean isKnown = declared >= 0
                && (rewriter == null || !Router.mayLengthen(x.api(), to.target().service()));
        int held = rewriter == null ? 0 : rewriter.held();
        long ahead = what.body().length + held - (long) x.body.length;
        if (isKnown) opened.putHeader("content-length", Long.toString(declared + ahead));
        else opened.setChunked(true);
        opened.write(Buffer.buffer(what.body()));
        if (opened.writeQueueFull()) waitFor(to, opened);
        else goOn();
    }

    /** The upstream does not keep up: while it takes nothing its deadline holds. */
    private void waitFor(Attempt upstream, HttpClientRequest open) {
        x.request.pause();
        upstream.progressed();
        long fullSince = System.nanoTime();
        open.drainHandler(_ -> {
            notClientsNanos += System.nanoTime() - fullSince;
            goOn();
        });
    }

    /** The client's turn: whether the rest comes in time is its business, unless the answer has begun all the same. */
    private void goOn() {
        if (abandoned || x.ended) return;
        x.request.resume();
        if (received || x.committed) return;
        long next = RequestBody.deadline(x, x.bufferedBytes + x.streamedBytes, notClientsNanos, options);
        long total = Attempts.totalDeadline(x);
        if (total - next <= 0) x.deadline(FailureKind.TOTAL_TIMEOUT, total);
        else x.deadline(FailureKind.REQUEST_TIMEOUT, next);
    }

    private void pass(Buffer chunk, byte[] bytes) {
        HttpClientRequest open = sink;
        Attempt current = attempt;
        if (open == null || current == null) return;
        long at = x.body.length + x.streamedBytes;
        x.streamedBytes += bytes.length;
        BatchLines rewriter = lines;
        MultipartReader reader = form;
        Buffer ready =
                rewriter == null || reader == null ? chunk : Buffer.buffer(rewritten(bytes, at, rewriter, reader));
        if (isCut()) return;
        open.write(ready);
        if (open.writeQueueFull()) waitFor(current, open);
        else goOn();
    }

    /**
     * The next bytes of the form as they are sent, with the lines of its file rewritten.
     *
     * @param at their offset
     */
    private static byte[] rewritten(byte[] bytes, long at, BatchLines lines, MultipartReader reader) {
        int from = Math.clamp(reader.fileFrom() - at, 0, bytes.length);
        int to = Math.clamp(reader.fileTo() - at, from, bytes.length);
        byte[] inFile = lines.feed(Arrays.copyOfRange(bytes, from, to));
        if (reader.fileTo() <= at + bytes.length) inFile = Batch.joined(inFile, lines.end());
        return from == 0 && to == bytes.length ? inFile : Splice.apply(bytes, List.of(new Splice(from, to, inFile)));
    }

    /** Whether the call was given up while bytes for an upstream were looked at. */
    private boolean isCut() {
        return sink == null;
    }

    private void malformed(String why) {
        refuse(Failure.of(FailureKind.INVALID_REQUEST, "the form cannot be read: " + why));
    }

    /** Ends the call with this; only the first one counts. */
    void refuse(Failure failure) {
        if (x.ended) return;
        Attempt current = attempt;
        sink = null;
        if (current != null) current.cancel();
        boolean more = !received;
        received = true;
        if (more) errors.refuseAndClose(x, failure);
        else errors.refuse(x, failure);
    }

    /** The call has ended: what still comes is of no use. */
    void abandon() {
        if (abandoned) return;
        abandoned = true;
        sink = null;
        attempt = null;
        beginning = new byte[0];
        if (!received) errors.linger(x);
    }

    private long declaredLength() {
        return RequestBody.declaredLength(x.request.getHeader("content-length"));
    }
}
