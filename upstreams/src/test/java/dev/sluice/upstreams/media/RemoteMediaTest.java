package dev.sluice.upstreams.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.chat.Part.Media;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteMediaTest {
    private static final MediaLimits INSIDE = new MediaLimits(1000, 5_000, true);
    private final Vertx vertx = Vertx.vertx();
    private final Promise<Void> asked = Promise.promise();
    private final Promise<Void> left = Promise.promise();
    private RemoteMedia media;
    private String base;

    @BeforeEach
    void serve() throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(this::answer);
        await(server.listen(0, "127.0.0.1"));
        base = "http://127.0.0.1:" + server.actualPort();
        media = new RemoteMedia(vertx, Runnable::run, _ -> false);
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void whatIsOffLimitsIsNotAskedThoughPrivateAddressesMayBe() throws Exception {
        media = new RemoteMedia(vertx, Runnable::run, InetAddress::isLoopbackAddress);
        assertThat(refusal("/png", INSIDE)).contains("metadata service");
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/png" ->
                request.response().putHeader("content-type", "image/png; q=1").end("abc");
            case "/long" ->
                request.response().putHeader("content-type", "image/png").end(Buffer.buffer(new byte[1001]));
            case "/html" ->
                request.response().putHeader("content-type", "application/json").end("{}");
            case "/moved" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", "/png")
                        .end();
            case "/loop" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", "/loop")
                        .end();
            case "/file" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", "file:///etc/passwd")
                        .end();
            case "/silent" -> {
                request.connection().closeHandler(_ -> left.tryComplete());
                asked.tryComplete();
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    @Test
    void fetchesAnImageWithItsType() throws Exception {
        assertThat(fetch("/png", INSIDE)).isEqualTo(new Media.Inline("image/png", "YWJj"));
        assertThat(fetch("/moved", INSIDE)).isEqualTo(new Media.Inline("image/png", "YWJj"));
    }

    @Test
    void refusesAddressesInsideUnlessAllowed() throws Exception {
        assertThat(refusal("/png", new MediaLimits(1000, 5_000, false))).contains("not public");
    }

    @Test
    void refusesWhatIsLongerThanAllowed() throws Exception {
        assertThat(refusal("/long", INSIDE)).contains("longer than 1000 bytes");
    }

    @Test
    void refusesWhatIsNoMedia() throws Exception {
        assertThat(refusal("/html", INSIDE)).contains("neither an image");
        assertThat(refusal("/missing", INSIDE)).contains("status 404");
    }

    @Test
    void checksRedirectsLikeTheFirstUrl() throws Exception {
        assertThat(refusal("/loop", INSIDE)).contains("redirects more than 3 times");
        assertThat(refusal("/file", INSIDE)).contains("neither http nor https");
    }

    @Test
    void givesUpAtTheDeadline() throws Exception {
        assertThat(refusal("/silent", new MediaLimits(1000, 50, true))).contains("within 50 ms");
    }

    @Test
    void refusesWhatIsNoUrl() throws Exception {
        assertThat(failure(fetching("http://["))).contains("is no URL");
        assertThat(failure(fetching("ftp://example.com/a"))).contains("neither http nor https");
        assertThat(failure(fetching("http://user:pw@example.com/a"))).contains("credentials");
    }

    @Test
    void keepsNothingThatThereIsNoRoomFor() throws Exception {
        assertThat(failure(
                        media.fetch(base + "/png", INSIDE, bytes -> bytes < 3).bytes()))
                .contains("room");
    }

    @Test
    void whatIsGivenUpLeavesNoConnectionBehind() throws Exception {
        RemoteMedia.Fetch given = media.fetch(base + "/silent", INSIDE, _ -> true);
        await(asked.future());
        given.cancel();
        assertThat(failure(given.bytes())).contains("not wanted");
        await(left.future());
    }

    private Future<Media.Inline> fetching(String url) {
        return media.fetch(url, INSIDE, _ -> true).bytes();
    }

    private Media.Inline fetch(String path, MediaLimits limits) throws Exception {
        return await(media.fetch(base + path, limits, _ -> true).bytes());
    }

    private String refusal(String path, MediaLimits limits) throws Exception {
        return failure(media.fetch(base + path, limits, _ -> true).bytes());
    }

    private static String failure(Future<Media.Inline> fetched) throws InterruptedException, TimeoutException {
        try {
            return "fetched " + await(fetched);
        } catch (ExecutionException e) {
            return ((MediaRefusal) e.getCause()).reason();
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
