package dev.sluice.proxy;

import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Seals;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.protocol.count.CountRequest;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.image.ImageAnswer;
import dev.sluice.protocol.image.ImageFormat;
import dev.sluice.protocol.image.ImageRequest;
import dev.sluice.protocol.rerank.RerankAnswer;
import dev.sluice.protocol.rerank.RerankFormat;
import dev.sluice.protocol.rerank.RerankRequest;
import dev.sluice.protocol.whole.WholeFormat.View;
import dev.sluice.protocol.whole.WholeTranslation;
import dev.sluice.settings.Operation;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.routing.Target;
import dev.sluice.upstreams.provider.ProviderCalls;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is sent for calls that are answered with one document. */
final class WholeCalls {
    private static final String TEXTS = "/text-embedding/text-embedding";
    private static final String MEDIA = "/multimodal-embedding/multimodal-embedding";
    private static final String BATCH = ":batchEmbedContents";
    private static final String SINGLE = ":embedContent";
    /** So many requests may be made of one at the most. */
    private static final int MOST_PARTS = 100;

    private WholeCalls() {}

    /**
     * What is sent in another form; null if there is no way from one form into the other.
     *
     * @throws InexpressibleException if the request cannot be read or said in that form
     */
    static @Nullable Sending translated(
            Exchange x, WireForm from, Target target, @Nullable BoundKey key, WireForm to, View view) {
        WireForm form = to == WireForm.DASHSCOPE_IMAGE && DashScope.drawsAtOnce(target.model())
                ? WireForm.DASHSCOPE_IMAGE_AT_ONCE
                : to;
        WireFormat client = WireFormats.of(from);
        WireFormat upstream = WireFormats.of(form);
        if (from.task() != form.task()) return null;
        String path = ProviderCalls.target(target.service(), key, form, target.model(), false);
        if (client instanceof EmbedFormat asks && upstream instanceof EmbedFormat embeds)
            return embeddings(target, form, path, WholeTranslation.of(asks, embeds, x.body, x.asked), view);
        if (client instanceof RerankFormat asks && upstream instanceof RerankFormat ranks) {
            WholeTranslation<RerankRequest, RerankAnswer> call = WholeTranslation.of(asks, ranks, x.body, x.asked);
            return sending(form, List.of(part(target, call, call.request(), path)), call, view);
        }
        if (client instanceof CountFormat asks && upstream instanceof CountFormat counts) {
            WholeTranslation<CountRequest, CountFormat.Counted> call =
                    WholeTranslation.of(asks, counts, x.body, x.asked);
            Seals seals = Makers.of(target);
            boolean unmarked = Makers.takesUnmarked(seals, from, form);
            CountRequest request =
                    call.request().on(!Makers.mayBeMarked(x), conversation -> seals.opened(conversation, unmarked));
            return sending(form, List.of(part(target, call, request, path)), call, view);
        }
        if (client instanceof ImageFormat asks && upstream instanceof ImageFormat draws) {
            WholeTranslation<ImageRequest, ImageAnswer> call = WholeTranslation.of(asks, draws, x.body, x.asked);
            byte[] body = call.written(
                    call.request(), target.model(), ProviderCalls.dialect(target.service(), target.model()));
            return new Sending(form, path, body, false, new Translation.OfImages(call, view));
        }
        return null;
    }

    private static Sending embeddings(
            Target target, WireForm to, String path, WholeTranslation<EmbedRequest, EmbedAnswer> asked, View view) {
        int most = ProviderCalls.mostEmbedded(target.service(), target.model());
        WholeTranslation<EmbedRequest, EmbedAnswer> call = asked.split(most);
        if (call.parts().size() > MOST_PARTS)
            throw new InexpressibleException(
                    "provider " + target.service().provider().id() + " takes " + most
                            + (most == 1 ? " input" : " inputs") + " of model \"" + target.model()
                            + "\" in one call, and the gateway makes at most " + MOST_PARTS
                            + " calls of a request; send "
                            + (long) most * MOST_PARTS + " inputs or fewer",
                    "input");
        List<Part> parts = new ArrayList<>(call.parts().size());
        for (EmbedRequest part : call.parts()) {
            boolean media = to == WireForm.DASHSCOPE_EMBEDDING && DashScope.isMultimodal(part, target.model());
            parts.add(part(target, call, part, media ? path.replace(TEXTS, MEDIA) : path));
        }
        return sending(to, parts, call, view);
    }

    /** A request of its own that belongs to the call. */
    record Part(String path, byte[] body) {}

    private static <Q> Part part(Target target, WholeTranslation<Q, ?> call, Q request, String path) {
        BoundService service = target.service();
        Dialect dialect = ProviderCalls.dialect(service, target.model());
        byte[] body = call.written(request, target.model(), dialect);
        return new Part(path, ProviderCalls.adjusted(service, target.model(), body));
    }

    private static Sending sending(WireForm to, List<Part> parts, WholeTranslation<?, ?> call, View view) {
        Part first = parts.getFirst();
        return new Sending(
                to,
                first.path(),
                first.body(),
                false,
                new Translation.OfWhole(call, view, parts.subList(1, parts.size())));
    }

    /** Whether what one form counts can be counted in the other. */
    static boolean counts(WireForm from, @Nullable WireForm to) {
        return to != null && WireFormats.of(from) instanceof CountFormat && WireFormats.of(to) instanceof CountFormat;
    }

    /** The path of a call in its own form, of which one form may have several. */
    static String path(Operation operation, String path) {
        if (operation == Operation.EMBED_CONTENT) return path.replace(BATCH, SINGLE);
        if (operation == Operation.DASHSCOPE_IMAGE_EDIT) return path.replace("/text2image/", "/image2image/");
        return operation == Operation.DASHSCOPE_MULTIMODAL_EMBEDDING ? path.replace(TEXTS, MEDIA) : path;
    }
}
