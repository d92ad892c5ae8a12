package dev.sluice.admin;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.Refusal;
import dev.sluice.admin.audit.AuditLog;
import dev.sluice.admin.contract.Contract;
import dev.sluice.settings.Author;
import dev.sluice.settings.Settings;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.System.Logger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request from its head to its answer: operation, sign-in, body on the event loop; then the handler on a virtual
 * thread; then the answer on the event loop again.
 */
final class Reception {
    private static final Logger LOG = System.getLogger(Reception.class.getName());
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String API = "/admin/";

    /** Calls handled at the same time; each may hold a body of the full size. */
    private static final int MAX_CALLS = 64;

    /** How long the rest of a refused body is read and thrown away, so that the caller gets to read why. */
    private static final long LINGER_MILLIS = 2_000;

    private final Vertx vertx;
    private final Contract contract;
    private final Map<String, Handler> handlers;
    private final SignIn signIn;
    private final AuditLog audit;
    private final Executor workers;
    private final Predicate<RuntimeException> storeAway;
    private final BodyReader bodies;
    private final AnswerWriter writer;
    private final long deadlineMillis;

    /** Calls at work; touched by the event loop only. */
    private int calls;

    Reception(
            Vertx vertx,
            Contract contract,
            Map<String, Handler> handlers,
            SignIn signIn,
            AuditLog audit,
            Executor workers,
            Predicate<RuntimeException> storeAway,
            AdminOptions options) {
        this.vertx = vertx;
        this.contract = contract;
        this.handlers = Map.copyOf(handlers);
        this.signIn = signIn;
        this.audit = audit;
        this.workers = workers;
        this.storeAway = storeAway;
        this.deadlineMillis = options.deadline().toMillis();
        this.bodies = new BodyReader(vertx, options.maxBodyBytes(), deadlineMillis);
        this.writer = new AnswerWriter(deadlineMillis);
    }

    void receive(HttpServerRequest request) {
        request.pause();
        String sent = request.getHeader("x-request-id");
        String requestId = sent != null && REQUEST_ID.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
        AnswerWriter.prepare(request.response(), requestId);
        request.response().exceptionHandler(_ -> {});
        try {
            accept(request, requestId);
        } catch (Refusal refusal) {
            refuse(request, refusal);
        } catch (RuntimeException e) {
            refuse(request, failed(requestId, e));
        }
    }

    /** Answers what is not HTTP, or too much of it, and closes the connection: what follows cannot be told apart. */
    void refuseMalformed(HttpServerRequest request) {
        Throwable cause =
                request.decoderResult() == null ? null : request.decoderResult().cause();
        Refusal refusal = switch (cause) {
            case TooLongHttpLineException _ -> Refusal.of(414, "too_large", "the request line is too long");
            case TooLongHttpHeaderException _ -> Refusal.of(431, "too_large", "the request headers are too long");
            case null, default -> Refusal.of(400, "invalid_request", "this is not a request of HTTP/1.1");
        };
        if (request.response().headWritten() || !(refusal.answer() instanceof Answer.Whole whole)) {
            request.connection().close();
            return;
        }
        AnswerWriter.prepare(request.response(), UUID.randomUUID().toString());
        request.response().putHeader("connection", "close");
        AnswerWriter.write(request, whole).onComplete(_ -> request.connection().close());
    }

    private void accept(HttpServerRequest request, String requestId) {
        String path = request.path();
        if (path == null || !path.startsWith("/")) throw Refusal.notFound("a path starts with /");
        String method = request.method().equals(HttpMethod.HEAD)
                ? "GET"
                : request.method().name();
        String address = request.remoteAddress() == null
                ? "local"
                : request.remoteAddress().host();
        Contract.@Nullable Match match = null;
        @Nullable Refusal mismatch = null;
        try {
            match = contract.match(method, path);
        } catch (Refusal refusal) {
            mismatch = refusal;
        }
        boolean open = match == null ? !path.startsWith(API) : match.operation().open();
        Author author = open ? new Author("anonymous", address) : signedIn(request, address);
        if (mismatch != null) throw mismatch;
        if (match == null) return;

        Map<String, List<String>> query = match.operation().query(request.query());
        if (bodies.announcedTooLarge(contentLength(request))) throw bodies.tooLarge();
        if (!open && calls >= MAX_CALLS)
            throw Refusal.of(503, "overloaded", calls + " calls are at work already; try again in a moment")
                    .withHeader("retry-after", "1");
        Contract.Match operation = match;
        calls++;
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect")))
            request.response().writeContinue();
        bodies.read(request).onComplete(body -> {
            if (body.failed()) {
                calls--;
                if (body.cause() instanceof Refusal refusal) refuse(request, refusal);
                else request.connection().close();
                return;
            }
            work(request, requestId, operation, author, query, body.result());
        });
    }

    /** @throws Refusal 401 or 429 unless the admin token is there */
    private Author signedIn(HttpServerRequest request, String address) {
        return switch (signIn.check(request.getHeader("authorization"), address)) {
            case SignIn.Verdict.Welcome welcome -> welcome.author();
            case SignIn.Verdict.Missing _ ->
                throw unauthenticated("this needs the admin token: Authorization: Bearer TOKEN");
            case SignIn.Verdict.Wrong _ -> {
                noteDenied(address, request.method() + " " + request.path());
                throw unauthenticated(
                        "this is not the admin token; it was printed at first start, or set by SLUICE_ADMIN_TOKEN");
            }
            case SignIn.Verdict.TurnedAway away ->
                throw Refusal.of(
                                429,
                                "too_many_attempts",
                                "too many wrong tokens from " + address + "; try again in " + away.seconds() + " s")
                        .withHeader("retry-after", Long.toString(away.seconds()));
        };
    }

    private static Refusal unauthenticated(String message) {
        return Refusal.of(401, "unauthenticated", message).withHeader("www-authenticate", "Bearer realm=\"sluice\"");
    }

    private void noteDenied(String address, String what) {
        String detail = "wrong admin token for " + (what.length() > 200 ? what.substring(0, 200) : what);
        workers.execute(() -> {
            try {
                audit.note(new Author("unknown", address), Settings.DEFAULT_TENANT, "denied", detail);
            } catch (RuntimeException e) {
                LOG.log(Logger.Level.WARNING, "a wrong admin token from " + address + " could not be audited", e);
            }
        });
    }

    private void work(
            HttpServerRequest request,
            String requestId,
            Contract.Match match,
            Author author,
            Map<String, List<String>> query,
            byte[] body) {
        Context context = vertx.getOrCreateContext();
        long timer = vertx.setTimer(deadlineMillis, _ -> {
            if (!request.response().headWritten())
                refuse(
                        request,
                        Refusal.of(
                                503,
                                "deadline_exceeded",
                                "no answer within " + deadlineMillis + " ms; a change may still take effect"));
        });
        Runnable done = () -> {
            calls--;
            vertx.cancelTimer(timer);
        };
        try {
            workers.execute(() -> {
                Answer answer = answer(request, requestId, match, author, query, body);
                switch (answer) {
                    case Answer.Whole whole ->
                        context.runOnContext(_ -> {
                            done.run();
                            if (!request.response().headWritten()) AnswerWriter.write(request, whole);
                        });
                    case Answer.Streamed streamed -> {
                        boolean sent = writer.send(context, request, streamed);
                        context.runOnContext(_ -> {
                            done.run();
                            if (!sent) request.connection().close();
                        });
                    }
                }
            });
        } catch (RejectedExecutionException _) {
            done.run();
            refuse(request, Refusal.of(503, "closing", "this node is shutting down"));
        }
    }

    private Answer answer(
            HttpServerRequest request,
            String requestId,
            Contract.Match match,
            Author author,
            Map<String, List<String>> query,
            byte[] body) {
        try {
            String mediaType = mediaType(request.getHeader("content-type"));
            match.operation().checkBody(mediaType, body.length);
            Map<String, String> headers = new HashMap<>();
            request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
            headers.remove("authorization");
            Handler handler = handlers.get(match.operation().id());
            if (handler == null)
                throw new IllegalStateException(
                        "no handler for " + match.operation().id());
            return handler.answer(new Call(author, match.path(), query, headers, mediaType, body));
        } catch (Refusal refusal) {
            return refusal.answer();
        } catch (RuntimeException e) {
            return failed(requestId, e).answer();
        } catch (StackOverflowError _) {
            return Refusal.invalid("", "the body is nested too deeply").answer();
        }
    }

    private Refusal failed(String requestId, RuntimeException e) {
        if (storeAway.test(e)) {
            LOG.log(Logger.Level.WARNING, "admin call " + requestId + " found the store away: " + e.getMessage());
            return Refusal.of(
                            503,
                            "store_unavailable",
                            "the store cannot be reached; calls are still served with the last settings, changes must wait")
                    .withHeader("retry-after", "5");
        }
        LOG.log(Logger.Level.ERROR, "admin call " + requestId + " failed", e);
        return Refusal.of(
                500, "internal_error", "this went wrong inside the gateway; its log says more under " + requestId);
    }

    /** Answers a request whose body may be unread: then the connection ends with it. */
    private void refuse(HttpServerRequest request, Refusal refusal) {
        if (request.response().headWritten() || request.response().closed()) return;
        if (!(refusal.answer() instanceof Answer.Whole whole)) return;
        boolean unread =
                !request.isEnded() && (contentLength(request) != 0 || request.getHeader("transfer-encoding") != null);
        if (!unread) {
            request.resume();
            AnswerWriter.write(request, whole);
            return;
        }
        request.response().putHeader("connection", "close");
        AnswerWriter.write(request, whole);
        long timer = vertx.setTimer(LINGER_MILLIS, _ -> request.connection().close());
        request.handler(_ -> {});
        request.exceptionHandler(_ -> vertx.cancelTimer(timer));
        request.endHandler(_ -> {
            vertx.cancelTimer(timer);
            request.connection().close();
        });
        request.resume();
    }

    private static long contentLength(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    private static String mediaType(@Nullable String contentType) {
        if (contentType == null) return "";
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
