package dev.sluice.proxy;

import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.Splice;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.anthropic.HostedRequest;
import dev.sluice.protocol.chat.Advice;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.chat.Seals;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.openai.BatchLines;
import dev.sluice.protocol.whole.WholeFormat.View;
import dev.sluice.settings.Capabilities;
import dev.sluice.settings.ModelPolicy;
import dev.sluice.settings.Operation;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.affinity.Deployment;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.routing.Target;
import dev.sluice.upstreams.media.MediaRefusal;
import dev.sluice.upstreams.media.RemoteMedia;
import dev.sluice.upstreams.provider.ProviderCalls;
import dev.sluice.upstreams.provider.Refit;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Works out what an attempt sends. Where client and upstream speak the same form it is the client's bytes with small edits,
 * at once; else the request is read into the canonical conversation and written anew, off the event loop if it is long.
 */
final class Preparation {
    /** A body up to this size is read and written on the event loop. */
    private static final int SHORT_BODY = 128 << 10;

    private final DataPlane plane;
    private final ProxyOptions options;
    private final RemoteMedia media;

    Preparation(DataPlane plane, ProxyOptions options, RemoteMedia media) {
        this.plane = plane;
        this.options = options;
        this.media = media;
    }

    /** What the URLs of a call lead to. */
    CallMedia media(Exchange x) {
        CallMedia known = x.media;
        if (known == null) x.media = known = new CallMedia(media, plane.load(), options.maxBufferedBytes());
        return known;
    }

    /** The form in which a target takes a call; null for a call that the gateway does not read, or that the target does not take. */
    static @Nullable WireForm formAt(Exchange x, Target target) {
        WireForm form = x.form;
        if (form == null) return null;
        WireForm accepted = ProviderCalls.accepts(target.service(), form, target.model());
        return accepted == null ? Capabilities.asks(target.service().offer(), form) : accepted;
    }

    /** Whether a call that is not read would ask the target for something that its provider surely has not. */
    static boolean isLacking(Exchange x, Target target) {
        if (x.form != null) return false;
        Offer offer = target.service().offer();
        // What was stored can be read where it can be made.
        if (x.operation() == Operation.RESPONSES)
            return !offer.open() && !offer.forms().contains(WireForm.OPENAI_RESPONSES);
        return !Capabilities.of(offer, x.operation(), x.path).isPossible();
    }

    /** Whether a form of a target takes the client's bytes as they are. */
    static boolean isSame(Exchange x, @Nullable WireForm form) {
        if (Makers.mayBeMarked(x)) return false;
        // Providers of Jina's form take the requests of Cohere's, and their further members as well.
        return form == x.form || x.form == WireForm.COHERE_RERANK && form == WireForm.JINA_RERANK;
    }

    /** What is sent where the client's own form is taken, or the call is not read. */
    Sending same(Exchange x, Target target, @Nullable BoundKey key, @Nullable WireForm form) {
        boolean stream = x.wantsStream();
        String path = form == null
                ? unread(x) + below(x)
                : kept(x) + ProviderCalls.target(target.service(), key, form, target.model(), stream);
        if (form == WireForm.DASHSCOPE_GENERATION && x.route().operation() == Operation.DASHSCOPE_MULTIMODAL)
            path = multimodal(path);
        path = WholeCalls.path(x.operation(), path);
        if (form == null) path = ProviderCalls.unread(target.service(), x.operation(), path, target.model());
        BatchLines lines = x.batch == null || !x.isForm
                ? null
                : x.batch.linesTo(
                        new Deployment(target.service(), key),
                        x,
                        plane.ids(),
                        x.upload == null ? _ -> {} : x.upload::refuse);
        Refit refit = refit(x, target, form);
        byte[] body = spliced(x, target, refit.edits(), lines);
        return new Sending(form, withQuery(x, path), body, stream, null, refit.ignored(), lines);
    }

    /** What is sent in another form; fails with {@link Refused}. */
    Future<Sending> translated(Exchange x, Target target, @Nullable BoundKey key, WireForm form) {
        WireForm from = Objects.requireNonNull(x.form);
        ChatFormat client = WireFormats.chat(from);
        ChatFormat upstream = WireFormats.chat(form);
        boolean brief = x.body.length <= SHORT_BODY;
        if (x.form == WireForm.ANTHROPIC_MESSAGES
                && (form == WireForm.VERTEX_MESSAGES || form == WireForm.BEDROCK_MESSAGES)
                && !Makers.mayBeMarked(x))
            return hosted(x, target, key, form, brief).recover(cause -> Future.failedFuture(refused(cause)));
        if (client == null || upstream == null) {
            return within(brief, () -> whole(x, from, target, key, form))
                    .recover(cause -> Future.failedFuture(refused(cause)));
        }
        return within(brief, () -> conversation(x, client))
                .compose(request -> written(x, target, key, form, client, request))
                .recover(cause -> Future.failedFuture(refused(cause)));
    }

    /** A conversation for a target, in a form or, if that cannot say it, in the other one that the target takes. */
    private Future<Sending> written(
            Exchange x, Target target, @Nullable BoundKey key, WireForm form, ChatFormat client, ChatRequest request) {
        ChatFormat upstream = Objects.requireNonNull(WireFormats.chat(form, target));
        WireForm other = form.otherwise();
        Future<Sending> sending = inlined(x, request, target.service(), upstream)
                .compose(whole -> within(
                        x.body.length <= SHORT_BODY, () -> sending(x, target, key, form, client, upstream, whole)));
        return other == null
                ? sending
                : sending.recover(cause -> cause instanceof InexpressibleException
                        ? written(x, target, key, other, client, request).recover(_ -> Future.failedFuture(cause))
                        : Future.failedFuture(cause));
    }

    private Sending whole(Exchange x, WireForm from, Target target, @Nullable BoundKey key, WireForm form) {
        View view = new View(x.askedModel(), x.id, plane.clock().millis() / 1000);
        Sending sending = WholeCalls.translated(x, from, target, key, form, view);
        if (sending == null) throw new Refused(notOffered(x, target));
        return sending;
    }

    /** Anthropic's own request for another vendor of its models; only the frames of a stream are another form. */
    private Future<Sending> hosted(Exchange x, Target target, @Nullable BoundKey key, WireForm form, boolean brief) {
        return within(brief, () -> HostedRequest.read(x.body))
                .compose(request -> inlined(x, request, target.service(), brief))
                .compose(request -> within(brief, () -> hosted(x, target, key, form, request)));
    }

    private Sending hosted(Exchange x, Target target, @Nullable BoundKey key, WireForm form, HostedRequest request) {
        boolean stream = x.wantsStream();
        boolean framed = form == WireForm.BEDROCK_MESSAGES;
        List<String> betas = x.request.headers().getAll("anthropic-beta");
        byte[] body = framed ? request.forBedrock(betas) : request.forVertex(betas);
        ClientView view =
                new ClientView(x.askedModel(), true, x.id, plane.clock().millis() / 1000);
        return new Sending(
                form,
                ProviderCalls.target(target.service(), key, form, target.model(), stream),
                body,
                stream,
                framed && stream
                        ? new Translation.OfChat(Anthropic.messages(), Anthropic.onBedrock(), view, true, null, null)
                        : null);
    }

    /** A call cannot be sent to a target; the message is for the client. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Failure failure;

        Refused(Failure failure) {
            super(failure.message(), null, false, false);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }

    static Failure notOffered(Exchange x, Target target) {
        return Failure.of(
                FailureKind.INEXPRESSIBLE,
                "service \"" + target.service().name() + "\" (provider "
                        + target.service().provider().id()
                        + ") has nothing like operation "
                        + Binder.kebab(x.operation().name()) + " (" + x.request.method() + " "
                        + x.route().fullPath()
                        + "); use a model of a service that has, or let an operator route it elsewhere");
    }

    private static Throwable refused(Throwable cause) {
        return switch (cause) {
            case Refused refused -> refused;
            case InexpressibleException inexpressible ->
                new Refused(Failure.of(FailureKind.INEXPRESSIBLE, inexpressible.reason(), inexpressible.param()));
            case MediaRefusal refusal -> new Refused(Failure.of(FailureKind.INEXPRESSIBLE, refusal.reason()));
            default -> cause;
        };
    }

    /** Runs a step here if it is brief, else off the event loop, and goes on here. */
    private <T> Future<T> within(boolean brief, Supplier<T> step) {
        if (!brief) return plane.offLoop().run(step);
        try {
            return Future.succeededFuture(step.get());
        } catch (RuntimeException | StackOverflowError e) {
            return Future.failedFuture(e);
        }
    }

    private static ChatRequest conversation(Exchange x, ChatFormat client) {
        ChatRequest known = x.conversation;
        if (known != null) return known;
        ChatRequest read = client.readRequest(x.body, x.asked);
        String kept = x.request.getHeader(AnswerHeaders.CONVERSATION);
        if (kept != null && !kept.isEmpty()) read = read.withConversation(kept);
        x.conversation = read;
        return read;
    }

    private Future<ChatRequest> inlined(Exchange x, ChatRequest request, BoundService service, ChatFormat upstream) {
        if (upstream.takesImageUrls()) return Future.succeededFuture(request);
        Set<String> urls = MediaUrls.of(request);
        if (urls.isEmpty()) return Future.succeededFuture(request);
        return switch (policy(service).mode()) {
            case REFUSE -> takesNoUrls(service, "messages");
            case INLINE -> fetched(x, urls, service).map(byUrl -> MediaUrls.inlined(request, byUrl));
        };
    }

    /** As above for a request that is not translated. */
    private Future<HostedRequest> inlined(Exchange x, HostedRequest request, BoundService service, boolean brief) {
        Map<String, String> urls = request.urls();
        if (urls.isEmpty()) return Future.succeededFuture(request);
        return switch (policy(service).mode()) {
            case REFUSE -> takesNoUrls(service, urls.values().iterator().next());
            case INLINE ->
                fetched(x, urls.keySet(), service).compose(byUrl -> within(brief, () -> request.inlined(byUrl)));
        };
    }

    private static <T> Future<T> takesNoUrls(BoundService service, String param) {
        return Future.failedFuture(new InexpressibleException(
                "\"" + param + "\" has a URL, and provider "
                        + service.provider().id()
                        + " takes no images and documents by URL; send the bytes within the request, or let an operator "
                        + "set modelPolicy.remoteMedia.mode: inline",
                param));
    }

    private static ModelPolicy.RemoteMedia policy(BoundService service) {
        return service.spec().modelPolicy().remoteMedia();
    }

    private Future<Map<String, Media.Inline>> fetched(Exchange x, Set<String> urls, BoundService service) {
        // Each URL has a deadline of its own; the upstream is not to blame for any of them.
        x.deadline(FailureKind.TOTAL_TIMEOUT, Attempts.totalDeadline(x));
        return media(x).fetch(urls, policy(service));
    }

    private Sending sending(
            Exchange x,
            Target target,
            @Nullable BoundKey key,
            WireForm form,
            ChatFormat client,
            ChatFormat upstream,
            ChatRequest request) {
        Seals seals = Makers.of(target);
        ChatRequest sent = seals.opened(request, Makers.takesUnmarked(seals, Objects.requireNonNull(x.form), form))
                .forModel(target.model());
        byte[] body = ProviderCalls.adjusted(
                target.service(),
                sent,
                upstream.writeRequest(sent, ProviderCalls.dialect(target.service(), target.model())));
        ClientView view = new ClientView(
                x.askedModel(), request.streamUsage(), x.id, plane.clock().millis() / 1000, request.extensions());
        String path = ProviderCalls.target(target.service(), key, form, target.model(), request.stream());
        if (form == WireForm.DASHSCOPE_GENERATION && DashScope.isMultimodal(sent)) path = multimodal(path);
        String query = upstream.query(sent);
        if (!query.isEmpty()) path = path + (path.indexOf('?') < 0 ? '?' : '&') + query;
        return new Sending(
                form,
                path,
                body,
                request.stream(),
                new Translation.OfChat(client, upstream, view, request.stream(), request.user(), seals),
                String.join(",", Advice.unsaid(request, body)),
                null);
    }

    /** DashScope keeps the models of several media at a path of their own. */
    private static String multimodal(String path) {
        return path.replace("/text-generation/", "/multimodal-generation/");
    }

    /** Where a call goes that is not read; the addresses of DashScope and Anthropic do not say the version of their APIs. */
    private static String unread(Exchange x) {
        Operation operation = x.operation();
        return switch (operation.protocol()) {
            case DASHSCOPE -> kept(x) + "/api/v1" + operation.path();
            case ANTHROPIC -> kept(x) + "/v1" + operation.path();
            default -> x.route().upstreamPath();
        };
    }

    /** The part of the request path that names one of the things below the route. */
    private static String below(Exchange x) {
        String full = x.route().fullPath();
        return x.path.substring(full.equals("/") ? 0 : Math.min(x.path.length(), full.length()));
    }

    /** The base path of the Model API where it is not taken off. */
    private static String kept(Exchange x) {
        var api = x.api().spec();
        return api.stripBasePath() || api.basePath().equals("/") ? "" : api.basePath();
    }

    private static String withQuery(Exchange x, String path) {
        String query = ForwardedQuery.of(x.request.query(), x.keyParameter());
        String target = query.isEmpty() ? path : path + (path.indexOf('?') < 0 ? '?' : '&') + query;
        return x.kept == null ? target : x.kept.unsealed(target);
    }

    /**
     * The client's body with the model and the request for usage spliced in, everything else as it came; for a model that the client did not
     * name, less what that does not take.
     */
    private static byte[] spliced(Exchange x, Target target, List<Splice> ofModel, @Nullable BatchLines lines) {
        RequestHead head = x.head;
        List<Splice> ids = x.kept == null ? List.of() : x.kept.edits();
        if (head == null) {
            List<Splice> edits = new ArrayList<>(ids);
            if (x.batch != null && lines != null) edits.add(x.batch.edit(x.body, lines));
            else if (x.batch != null) edits.addAll(x.batch.edits(x, target.service()));
            edits.sort(Comparator.comparingInt(Splice::from));
            return edits.isEmpty() ? x.body : Splice.apply(x.body, edits);
        }
        boolean renamed = !head.model().equals(target.model());
        if (x.form == WireForm.GEMINI_EMBED && renamed)
            return Splice.apply(x.body, Gemini.renaming(x.body, target.model()));
        List<Splice> edits = new ArrayList<>(2 + ids.size());
        if (head.modelFrom() >= 0 && renamed) {
            edits.add(new Splice(
                    head.modelFrom(),
                    head.modelTo(),
                    x.isForm
                            ? target.model().getBytes(StandardCharsets.UTF_8)
                            : new JsonWriter().string(target.model()).toBytes()));
        }
        Splice usage = head.askUsage();
        if (usage != null && target.service().provider().usageInStream() == Provider.UsageInStream.OPT_IN) {
            if (!edits.isEmpty() && usage.from() < edits.getFirst().from()) edits.addFirst(usage);
            else edits.add(usage);
        }
        if (!ids.isEmpty()) {
            edits.addAll(ids);
            edits.sort(Comparator.comparingInt(Splice::from));
        }
        edits = merged(ofModel, edits);
        return edits.isEmpty() ? x.body : Splice.apply(x.body, edits);
    }

    /** What a model that the client did not name does not take. */
    private static Refit refit(Exchange x, Target target, @Nullable WireForm form) {
        RequestHead head = x.head;
        if (head == null || form == null || x.isForm || head.model().equals(target.model())) return Refit.NONE;
        return ProviderCalls.refit(target.service(), form, target.model(), x.body);
    }

    /** Edits of the gateway's own beside those that a model calls for; what these take out is not edited. */
    private static List<Splice> merged(List<Splice> ofModel, List<Splice> own) {
        if (ofModel.isEmpty()) return own;
        List<Splice> all = new ArrayList<>(ofModel);
        for (Splice edit : own) {
            if (ofModel.stream().noneMatch(other -> other.from() < edit.to() && edit.from() < other.to()))
                all.add(edit);
        }
        all.sort(Comparator.comparingInt(Splice::from).thenComparingInt(Splice::to));
        return all;
    }
}
