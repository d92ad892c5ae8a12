package dev.sluice.upstreams.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessTokensTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    /** Exchanges that wait for an answer, and the bodies of all. Used on the loop of the tokens. */
    private final Deque<HttpServerRequest> waiting = new ArrayDeque<>();

    private final List<String> asked = new ArrayList<>();
    private Promise<Void> arrival = Promise.promise();
    private volatile Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private AccessTokens tokens;
    private String secret;
    private ServiceAccount account;

    @BeforeEach
    void start() throws Exception {
        HttpServer server = on(() -> vertx.createHttpServer()
                .requestHandler(request -> request.body()
                        .onSuccess(body -> loop.runOnContext(_ -> {
                            asked.add(body.toString());
                            waiting.add(request);
                            arrival.tryComplete();
                        })))
                .listen(0, "127.0.0.1"));
        secret = Accounts.json("http://127.0.0.1:" + server.actualPort() + "/token");
        account = Accounts.parsed(secret);
        tokens = new AccessTokens(vertx, () -> now, _ -> false);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void callsAtTheSameTimeShareOneExchangeAndLaterOnesItsToken() throws Exception {
        Future<String> first = begin();
        Future<String> second = begin();
        grant("t1", 3600);
        assertThat(await(first)).isEqualTo("t1");
        assertThat(await(second)).isEqualTo("t1");
        assertThat(token()).isEqualTo("t1");
        assertThat(exchanges()).isEqualTo(1);
        assertThat(asked.getFirst()).isEqualTo(account.tokenRequest(now));
    }

    @Test
    void noTokenIsFetchedWhereNoCallMayGo() throws Exception {
        tokens = new AccessTokens(vertx, () -> now, InetAddress::isLoopbackAddress);
        assertThatThrownBy(() -> await(begin())).hasStackTraceContaining("leads to the metadata service");
        assertThat(exchanges()).isZero();
    }

    @Test
    void aTokenThatEndsSoonServesWhileTheNextIsFetched() throws Exception {
        first("t1");
        now = now.plusSeconds(3600 - 299);
        assertThat(token()).isEqualTo("t1");
        grant("t2", 3600);
        assertThat(awaitAnother("t1")).isEqualTo("t2");
        assertThat(exchanges()).isEqualTo(2);
    }

    @Test
    void aTokenThatHasEndedIsNotUsed() throws Exception {
        first("t1");
        now = now.plusSeconds(3600);
        Future<String> next = begin();
        grant("t2", 3600);
        assertThat(await(next)).isEqualTo("t2");
    }

    @Test
    void aRefusedTokenIsReplaced() throws Exception {
        first("t1");
        refuse("t1");
        Future<String> next = begin();
        grant("t2", 3600);
        assertThat(await(next)).isEqualTo("t2");
    }

    @Test
    void aLateRefusalOfAnOldTokenLeavesTheNewOne() throws Exception {
        first("t1");
        refuse("t1");
        Future<String> next = begin();
        grant("t2", 3600);
        await(next);
        refuse("t1");
        assertThat(token()).isEqualTo("t2");
        assertThat(exchanges()).isEqualTo(2);
    }

    @Test
    void anEarlyRefreshThatFailedIsNotTriedByEachCall() throws Exception {
        first("t1");
        now = now.plusSeconds(3600 - 299);
        assertThat(token()).isEqualTo("t1");
        answer(503, "{}");
        awaitRest();
        assertThat(token()).isEqualTo("t1");
        assertThat(exchanges()).isEqualTo(2);
        now = now.plusSeconds(1);
        assertThat(token()).isEqualTo("t1");
        grant("t2", 3600);
        assertThat(awaitAnother("t1")).isEqualTo("t2");
        assertThat(exchanges()).isEqualTo(3);
    }

    @Test
    void withoutATokenAFailureIsToldAtOnceForAWhile() throws Exception {
        Future<String> refused = begin();
        answer(400, "{\"error\":\"invalid_grant\"}");
        assertThatThrownBy(() -> await(refused)).hasCauseInstanceOf(CredentialException.class);
        assertThatThrownBy(this::token).rootCause().hasMessageContaining("status 400");
        assertThat(exchanges()).isEqualTo(1);
        now = now.plusSeconds(1);
        Future<String> next = begin();
        grant("t1", 3600);
        assertThat(await(next)).isEqualTo("t1");
    }

    @Test
    void anAnswerWithoutATokenIsAFailure() throws Exception {
        Future<String> call = begin();
        answer(200, "<html>proxy</html>");
        assertThatThrownBy(() -> await(call)).rootCause().hasMessageContaining("status 200");
    }

    private void first(String token) throws Exception {
        Future<String> call = begin();
        grant(token, 3600);
        assertThat(await(call)).isEqualTo(token);
    }

    /** A call that wants a token; its exchange, if it needs one, waits for an answer. */
    private Future<String> begin() {
        Promise<String> promise = Promise.promise();
        loop.runOnContext(_ -> tokens.token(secret, account).onComplete(promise));
        return promise.future();
    }

    private String token() throws Exception {
        return await(begin());
    }

    /** Asks until the answer is another one: the exchange under way ends in its own time. */
    private String awaitAnother(String old) throws Exception {
        String found = token();
        while (found.equals(old)) found = token();
        return found;
    }

    /** Until the exchange under way has ended: only then does a call come back with nothing being fetched. */
    private void awaitRest() throws Exception {
        while (on(() -> Future.succeededFuture(tokens.isFetching(secret)))) Thread.onSpinWait();
    }

    private void refuse(String token) throws Exception {
        on(() -> {
            tokens.refused(secret, token);
            return Future.succeededFuture();
        });
    }

    private void grant(String token, int seconds) throws Exception {
        answer(200, "{\"access_token\":\"" + token + "\",\"expires_in\":" + seconds + "}");
    }

    private void answer(int status, String body) throws Exception {
        await(on(() -> Future.succeededFuture(arrival.future())));
        on(() -> {
            HttpServerRequest request = waiting.remove();
            arrival = Promise.promise();
            return request.response().setStatusCode(status).end(body);
        });
    }

    private int exchanges() throws Exception {
        return on(() -> Future.succeededFuture(asked.size()));
    }

    private <T> T on(Supplier<Future<T>> step) throws Exception {
        Promise<T> promise = Promise.promise();
        loop.runOnContext(_ -> step.get().onComplete(promise));
        return await(promise.future());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
