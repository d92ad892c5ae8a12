package dev.sluice.proxy;

import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.settings.ModelPolicy;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.upstreams.media.MediaLimits;
import dev.sluice.upstreams.media.RemoteMedia;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the URLs of one call lead to. Each is fetched once, however many attempts need it; a few at a time, and no more than the policy of the
 * service allows and the gateway has room for.
 */
final class CallMedia {
    private static final int AT_ONCE = 4;

    private final RemoteMedia media;
    private final Load load;
    private final long room;
    private final Map<String, Media.Inline> known = new HashMap<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private final List<One> open = new ArrayList<>(AT_ONCE);
    private ModelPolicy.@Nullable RemoteMedia policy;
    private Promise<Map<String, Media.Inline>> done = Promise.promise();
    /** Of all that is known or under way. */
    private long bytes;

    /** Why there was no room for more. */
    private @Nullable RuntimeException full;

    /** @param room bytes that all calls together may hold */
    CallMedia(RemoteMedia media, Load load, long room) {
        this.media = media;
        this.load = load;
        this.room = room;
    }

    /**
     * The bytes by their URLs. Fails with a {@code MediaRefusal} of one URL, an {@link InexpressibleException} where the policy allows less, or
     * {@link Preparation.Refused}.
     */
    Future<Map<String, Media.Inline>> fetch(Set<String> urls, ModelPolicy.RemoteMedia allowed) {
        cancel();
        if (!allowed.equals(policy)) forget();
        policy = allowed;
        if (urls.size() > allowed.maxUrls())
            return Future.failedFuture(new InexpressibleException(
                    urls.size() + " URLs would have to be fetched for this provider (allowed: " + allowed.maxUrls()
                            + "; setting: modelPolicy.remoteMedia.maxUrls)",
                    "messages"));
        Promise<Map<String, Media.Inline>> asked = Promise.promise();
        done = asked;
        full = null;
        for (String url : urls) if (!known.containsKey(url)) waiting.add(url);
        next(allowed);
        return asked.future();
    }

    /** Nobody waits any more: what is under way ends, what is known stays for the next attempt. */
    void cancel() {
        List<One> given = List.copyOf(open);
        open.clear();
        waiting.clear();
        for (One one : given) one.cancel();
    }

    /** Nothing of it is needed any more. */
    void close() {
        cancel();
        forget();
    }

    private void forget() {
        known.clear();
        load.release(bytes);
        bytes = 0;
    }

    private void next(ModelPolicy.RemoteMedia allowed) {
        while (open.size() < AT_ONCE && !waiting.isEmpty()) {
            One one = new One(waiting.remove(), allowed);
            open.add(one);
            one.begin();
        }
        if (open.isEmpty()) done.tryComplete(Map.copyOf(known));
    }

    private final class One {
        private final String url;
        private final ModelPolicy.RemoteMedia allowed;
        private RemoteMedia.@Nullable Fetch fetch;
        private int taken;

        One(String url, ModelPolicy.RemoteMedia allowed) {
            this.url = url;
            this.allowed = allowed;
        }

        void begin() {
            RemoteMedia.Fetch begun = media.fetch(
                    url,
                    new MediaLimits(allowed.maxBytes(), allowed.timeoutMs(), allowed.allowPrivateAddresses()),
                    this::takes);
            fetch = begun;
            begun.bytes().onComplete(this::ended);
        }

        void cancel() {
            load.release(taken);
            bytes -= taken;
            if (fetch != null) fetch.cancel();
        }

        private boolean takes(int more) {
            if (bytes + more > allowed.maxTotalBytes()) {
                full = new InexpressibleException(
                        "what the URLs of this call lead to is longer than " + allowed.maxTotalBytes()
                                + " bytes together (setting: modelPolicy.remoteMedia.maxTotalBytes)",
                        "messages");
                return false;
            }
            if (!load.buffer(more, room)) {
                full = new Preparation.Refused(Failure.overloaded());
                return false;
            }
            bytes += more;
            taken += more;
            return true;
        }

        private void ended(AsyncResult<Media.Inline> fetched) {
            if (!open.contains(this)) return;
            if (fetched.failed()) {
                CallMedia.this.cancel();
                done.tryFail(full == null ? fetched.cause() : full);
                return;
            }
            open.remove(this);
            known.put(url, fetched.result());
            next(allowed);
        }
    }
}
