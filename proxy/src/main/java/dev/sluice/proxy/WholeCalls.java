package dev.sluice.proxy;

import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.image.ImageAnswer;
import dev.sluice.protocol.image.ImageFormat;
import dev.sluice.protocol.image.ImageRequest;
import dev.sluice.protocol.rerank.RerankFormat;
import dev.sluice.protocol.whole.WholeFormat.View;
import dev.sluice.protocol.whole.WholeTranslation;
import dev.sluice.settings.Operation;
import dev.sluice.settings.catalogue.Task;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.traffic.routing.Target;
import dev.sluice.upstreams.provider.ProviderCalls;
import org.jspecify.annotations.Nullable;

/** What is sent for calls that are answered with one document. */
final class WholeCalls {
    private static final String TEXTS = "/text-embedding/text-embedding";
    private static final String MEDIA = "/multimodal-embedding/multimodal-embedding";
    private static final String BATCH = ":batchEmbedContents";
    private static final String SINGLE = ":embedContent";

    private WholeCalls() {}

    /**
     * What is sent in another form; null if there is no way from one form into the other.
     *
     * @throws InexpressibleException if the request cannot be read or said in that form
     */
    static @Nullable Sending translated(
            Exchange x, WireForm from, Target target, @Nullable BoundKey key, WireForm to, View view) {
        EmbedFormat client = EmbedForms.of(from);
        EmbedFormat upstream = EmbedForms.of(to);
        if (client != null && upstream != null) return embeddings(x, client, target, key, to, upstream, view);
        if (from.task() == Task.IMAGE) return images(x, from, target, key, to, view);
        RerankFormat asks = RerankForms.of(from);
        RerankFormat ranks = RerankForms.of(to);
        return asks == null || ranks == null ? null : rerank(x, asks, target, key, to, ranks, view);
    }

    private static Sending embeddings(
            Exchange x,
            EmbedFormat client,
            Target target,
            @Nullable BoundKey key,
            WireForm to,
            EmbedFormat upstream,
            View view) {
        WholeTranslation<EmbedRequest, EmbedAnswer> call = WholeTranslation.of(client, upstream, x.body, x.asked);
        String path = ProviderCalls.target(target.service(), key, to, target.model(), false);
        if (to == WireForm.DASHSCOPE_EMBEDDING && DashScope.isMultimodal(call.request(), target.model()))
            path = path.replace(TEXTS, MEDIA);
        return sending(target, to, path, call, view);
    }

    private static Sending rerank(
            Exchange x,
            RerankFormat client,
            Target target,
            @Nullable BoundKey key,
            WireForm to,
            RerankFormat upstream,
            View view) {
        String path = ProviderCalls.target(target.service(), key, to, target.model(), false);
        return sending(target, to, path, WholeTranslation.of(client, upstream, x.body, x.asked), view);
    }

    private static @Nullable Sending images(
            Exchange x, WireForm from, Target target, @Nullable BoundKey key, WireForm to, View view) {
        WireForm form = to == WireForm.DASHSCOPE_IMAGE && DashScope.drawsAtOnce(target.model())
                ? WireForm.DASHSCOPE_IMAGE_AT_ONCE
                : to;
        ImageFormat client = ImageForms.of(from);
        ImageFormat upstream = ImageForms.of(form);
        if (client == null || upstream == null) return null;
        WholeTranslation<ImageRequest, ImageAnswer> call = WholeTranslation.of(client, upstream, x.body, x.asked);
        byte[] body = call.written(target.model(), ProviderCalls.dialect(target.service()));
        String path = ProviderCalls.target(target.service(), key, form, target.model(), false);
        return new Sending(form, path, body, false, new Translation.OfImages(call, view));
    }

    private static Sending sending(Target target, WireForm to, String path, WholeTranslation<?, ?> call, View view) {
        byte[] body = ProviderCalls.adjusted(
                target.service(),
                target.model(),
                call.written(target.model(), ProviderCalls.dialect(target.service())));
        return new Sending(to, path, body, false, new Translation.OfWhole(call, view));
    }

    /** The path of a call in its own form, of which one form may have several. */
    static String path(Operation operation, String path) {
        if (operation == Operation.EMBED_CONTENT) return path.replace(BATCH, SINGLE);
        if (operation == Operation.DASHSCOPE_IMAGE_EDIT) return path.replace("/text2image/", "/image2image/");
        return operation == Operation.DASHSCOPE_MULTIMODAL_EMBEDDING ? path.replace(TEXTS, MEDIA) : path;
    }
}
