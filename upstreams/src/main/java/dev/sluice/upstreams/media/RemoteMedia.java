package dev.sluice.upstreams.media;

import dev.sluice.protocol.chat.Part.Media;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what a URL names. A name is resolved once, every address of it must be allowed, and the connection goes to the
 * address that was checked, so that a name that changes its address in between leads nowhere else. Redirects are checked like
 * the first URL. Used on one event loop.
 */
public final class RemoteMedia {
    private static final int MAX_REDIRECTS = 3;
    private static final int CONNECT_MILLIS = 5_000;
    private static final List<String> TYPES = List.of("image/", "audio/", "video/", "application/pdf", "text/");

    private final Vertx vertx;
    private final HttpClient client;
    private final Executor blocking;
    private final Predicate<InetAddress> offLimits;

    /**
     * @param blocking runs look-ups of names
     * @param offLimits addresses that nobody may ask, whatever settings say
     */
    public RemoteMedia(Vertx vertx, Executor blocking, Predicate<InetAddress> offLimits) {
        this.offLimits = offLimits;
        this.vertx = vertx;
        this.blocking = blocking;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setDecompressionSupported(false)
                .setConnectTimeout(CONNECT_MILLIS));
    }

    /**
     * Begins to fetch the bytes behind a URL.
     *
     * @param room asked before bytes are kept; where it says no the fetch ends
     */
    public Fetch fetch(String url, MediaLimits limits, IntPredicate room) {
        Fetch fetch = new Fetch(limits, room);
        fetch.timer = vertx.setTimer(
                limits.timeoutMillis(),
                _ -> fetch.refuse(
                        "did not answer within " + limits.timeoutMillis() + " ms (modelPolicy.remoteMedia.timeoutMs)"));
        fetch.go(url, 0);
        return fetch;
    }

    public Future<Void> close() {
        return client.close();
    }

    /** One URL with its redirects. */
    public final class Fetch {
        private final MediaLimits limits;
        private final IntPredicate room;
        private final Promise<Media.Inline> done = Promise.promise();
        private final Context context = vertx.getOrCreateContext();
        private final Buffer body = Buffer.buffer();
        private long timer;
        private @Nullable HttpClientRequest open;

        private Fetch(MediaLimits limits, IntPredicate room) {
            this.limits = limits;
            this.room = room;
        }

        /** Fails with a {@link MediaRefusal} and nothing else. */
        public Future<Media.Inline> bytes() {
            return done.future();
        }

        /** Nobody waits for it any more. */
        public void cancel() {
            refuse("is not wanted any more");
        }

        private void go(String url, int redirects) {
            URI uri;
            try {
                uri = URI.create(url);
            } catch (IllegalArgumentException _) {
                refuse("is no URL");
                return;
            }
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            String host = uri.getHost();
            if (!scheme.equals("http") && !scheme.equals("https")) {
                refuse("is neither http nor https");
            } else if (host == null || uri.getRawUserInfo() != null) {
                refuse("has no host, or has credentials");
            } else {
                String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
                blocking.execute(() -> {
                    InetAddress[] addresses = resolve(name);
                    context.runOnContext(_ -> resolved(uri, name, addresses, redirects));
                });
            }
        }

        private static InetAddress[] resolve(String name) {
            try {
                return InetAddress.getAllByName(name);
            } catch (UnknownHostException _) {
                return new InetAddress[0];
            }
        }

        private void resolved(URI uri, String host, InetAddress[] addresses, int redirects) {
            if (done.future().isComplete()) return;
            if (addresses.length == 0) {
                refuse("names a host that does not exist");
                return;
            }
            for (InetAddress address : addresses) {
                if (offLimits.test(address)) {
                    refuse("leads to the metadata service of a cloud");
                    return;
                }
                if (!limits.privateAddresses() && !PublicAddresses.contains(address)) {
                    refuse("leads to an address that is not public"
                            + " (modelPolicy.remoteMedia.allowPrivateAddresses)");
                    return;
                }
            }
            boolean tls = uri.getScheme().equalsIgnoreCase("https");
            int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            RequestOptions target = new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setServer(SocketAddress.inetSocketAddress(port, addresses[0].getHostAddress()))
                    .setHost(host.indexOf(':') < 0 ? host : "[" + host + "]")
                    .setPort(port)
                    .setSsl(tls)
                    .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                    .putHeader("accept-encoding", "identity");
            client.request(target)
                    .compose(request -> {
                        open = request;
                        if (!done.future().isComplete()) return request.send();
                        request.reset();
                        return Future.failedFuture("given up meanwhile");
                    })
                    .onSuccess(answer -> answered(uri, answer, redirects))
                    .onFailure(_ -> refuse("cannot be reached"));
        }

        private void answered(URI uri, HttpClientResponse answer, int redirects) {
            // Vert.x logs the end of an answer that nobody listens to.
            answer.exceptionHandler(_ -> {});
            if (done.future().isComplete()) return;
            int status = answer.statusCode();
            String location = answer.getHeader("location");
            if (status >= 300 && status < 400 && location != null) {
                answer.request().reset();
                if (redirects == MAX_REDIRECTS) refuse("redirects more than " + MAX_REDIRECTS + " times");
                else redirected(uri, location, redirects);
                return;
            }
            String type = mediaType(answer.getHeader("content-type"));
            if (status != 200) {
                refuse("answered with status " + status);
            } else if (TYPES.stream().noneMatch(type::startsWith)) {
                refuse("is neither an image, a sound, a video nor a document");
            } else {
                answer.exceptionHandler(_ -> refuse("broke off"));
                answer.handler(this::take);
                answer.endHandler(_ -> complete(type));
            }
        }

        private void redirected(URI from, String location, int redirects) {
            try {
                go(from.resolve(location).toString(), redirects + 1);
            } catch (IllegalArgumentException _) {
                refuse("redirects to what is no URL");
            }
        }

        private void take(Buffer chunk) {
            if (body.length() + chunk.length() > limits.maxBytes()) {
                refuse("is longer than " + limits.maxBytes() + " bytes (modelPolicy.remoteMedia.maxBytes)");
            } else if (!done.future().isComplete()) {
                if (room.test(chunk.length())) body.appendBuffer(chunk);
                else refuse("is longer than there is room for");
            }
        }

        private void complete(String type) {
            if (done.tryComplete(new Media.Inline(type, Base64.getEncoder().encodeToString(body.getBytes())))) {
                vertx.cancelTimer(timer);
            }
        }

        private void refuse(String why) {
            if (!done.tryFail(new MediaRefusal("a URL in the request cannot be fetched for this provider: it " + why)))
                return;
            vertx.cancelTimer(timer);
            HttpClientRequest request = open;
            if (request != null) request.reset();
        }

        private static String mediaType(@Nullable String header) {
            if (header == null) return "";
            int end = header.indexOf(';');
            return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        }
    }
}
