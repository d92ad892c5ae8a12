package dev.sluice.upstreams.credential;

import dev.sluice.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of accounts, one at a time for each: kept while they last, fetched anew ahead of their end while calls go on with the
 * old one. Used on one event loop.
 */
final class AccessTokens {
    /** From then on a new one is fetched, while the old one still serves. */
    private static final int AHEAD_SECONDS = 300;

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int LONGEST_PAUSE_SECONDS = 60;
    /** Tokens of keys that are no longer used are dropped when there are more than this. */
    private static final int MOST = 256;

    private final Vertx vertx;
    private final HttpClient client;
    private final InstantSource clock;
    private final Predicate<InetAddress> offLimits;
    private final Map<String, Held> held = new HashMap<>();

    /** The token of one key. */
    private static final class Held {
        private final Account account;
        private String token = "";
        private Instant until = Instant.EPOCH;
        private @Nullable Future<String> fetching;
        /** Why there is no newer one, and until when that is taken for granted. */
        private @Nullable Throwable failure;

        private Instant restsUntil = Instant.EPOCH;
        private long pauseSeconds;

        Held(Account account) {
            this.account = account;
        }
    }

    /** @param offLimits addresses where no call may go, whatever an account says */
    AccessTokens(Vertx vertx, InstantSource clock, Predicate<InetAddress> offLimits) {
        this.vertx = vertx;
        this.offLimits = offLimits;
        this.client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(TIMEOUT_MILLIS));
        this.clock = clock;
    }

    /** @param secret the JSON of the account */
    Future<String> token(String secret, Account account) {
        if (held.size() > MOST) held.clear();
        Held of = held.computeIfAbsent(secret, _ -> new Held(account));
        Instant now = clock.instant();
        boolean lasts = now.isBefore(of.until);
        if (now.isBefore(of.until.minusSeconds(AHEAD_SECONDS))) return Future.succeededFuture(of.token);
        Future<String> fetched = of.fetching;
        if (fetched == null) {
            Throwable failure = of.failure;
            if (failure != null && now.isBefore(of.restsUntil))
                return lasts ? Future.succeededFuture(of.token) : Future.failedFuture(failure);
            fetched = fetch(of, now).andThen(ended -> ended(of, ended.cause()));
            if (!fetched.isComplete()) of.fetching = fetched;
        }
        return lasts ? Future.succeededFuture(of.token) : fetched;
    }

    /** The provider refused a call: the next one fetches another token, unless that has been done since. */
    void refused(String secret, String token) {
        Held of = held.get(secret);
        if (of != null && of.token.equals(token)) of.until = Instant.EPOCH;
    }

    /** Whether an exchange for the key is under way. */
    boolean isFetching(String secret) {
        Held of = held.get(secret);
        return of != null && of.fetching != null;
    }

    Future<Void> close() {
        return client.close();
    }

    private Future<String> fetch(Held of, Instant now) {
        Account account = of.account;
        return account.tokenRequest(vertx, now)
                .compose(form -> client.request(target(account))
                        .compose(request -> !account.mayAskAnywhere() && isOffLimits(request)
                                ? turnBack(request, account)
                                : form.isEmpty() ? request.send() : request.send(Buffer.buffer(form))))
                .compose(answer -> answer.body().map(body -> take(of, now, answer, body)));
    }

    private static RequestOptions target(Account account) {
        RequestOptions target = new RequestOptions()
                .setMethod(account.method())
                .setAbsoluteURI(account.tokenUri())
                .setTimeout(TIMEOUT_MILLIS);
        account.headers().forEach(target::putHeader);
        return target;
    }

    private boolean isOffLimits(HttpClientRequest request) {
        String address = request.connection().remoteAddress().hostAddress();
        return address != null && offLimits.test(InetAddress.ofLiteral(address));
    }

    private static Future<HttpClientResponse> turnBack(HttpClientRequest request, Account account) {
        // Vert.x logs the end of a request that nobody listens to.
        request.exceptionHandler(_ -> {});
        request.reset();
        request.connection().close();
        return Future.failedFuture(new CredentialException(
                false,
                "the token address of the " + account.noun() + " leads to the metadata service of a cloud"
                        + " (setting: --allow-metadata-addresses)"));
    }

    /** Failures in a row are answered from memory for 1, 2, 4 … 60 seconds before the address is asked again. */
    private void ended(Held of, @Nullable Throwable failure) {
        of.fetching = null;
        of.failure = failure;
        of.pauseSeconds = failure == null ? 0 : Math.clamp(2 * of.pauseSeconds, 1, LONGEST_PAUSE_SECONDS);
        of.restsUntil = clock.instant().plusSeconds(of.pauseSeconds);
    }

    private static String take(Held of, Instant now, HttpClientResponse answer, Buffer body) {
        Json json = Json.parse(body.getBytes());
        String token = json == null ? "" : json.get("access_token").text("");
        if (json == null || answer.statusCode() != 200 || token.isEmpty()) {
            throw new CredentialException(
                    of.account.isRefusedBy(answer.statusCode()),
                    "the token address of the " + of.account.noun() + " answered with status " + answer.statusCode());
        }
        of.token = token;
        of.until = end(json, now);
        return token;
    }

    /** Apps of Azure are told the second at which a token ends, all others how long it lasts. */
    private static Instant end(Json json, Instant now) {
        long second =
                json.get("expires_in").isPresent() ? 0 : json.get("expires_on").integer(0);
        return second > 0
                ? Instant.ofEpochSecond(second)
                : now.plusSeconds(json.get("expires_in").integer(3600));
    }
}
