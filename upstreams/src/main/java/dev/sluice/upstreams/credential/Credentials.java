package dev.sluice.upstreams.credential;

import dev.sluice.settings.ProviderOptions;
import dev.sluice.settings.ProviderOptions.KeyKind;
import dev.sluice.settings.catalogue.Auth;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.upstreams.credential.AwsSignature.AccessKey;
import dev.sluice.upstreams.credential.AwsSignature.Scope;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Authorises calls with provider keys. Used on one event loop. */
public final class Credentials {
    private static final String BEARER = "Bearer ";
    private static final String OAUTH_BETA = "oauth-2025-04-20";
    private static final String BETA_HEADER = "anthropic-beta";
    private static final String DEFAULT_AWS_REGION = "us-east-1";
    private static final int MOST_ACCOUNTS = 256;

    private final InstantSource clock;
    private final AccessTokens tokens;
    private final @Nullable IdentityEndpoint identity;
    private final Map<String, Account> accounts = new HashMap<>();

    /**
     * @param offLimits addresses where no token may be fetched
     * @param identity where keys that are managed identities get tokens; null where keys may not be
     */
    public Credentials(
            Vertx vertx, InstantSource clock, Predicate<InetAddress> offLimits, @Nullable IdentityEndpoint identity) {
        this.clock = clock;
        this.identity = identity;
        this.tokens = new AccessTokens(vertx, clock, offLimits);
    }

    /**
     * Sets the headers that authorise a call.
     *
     * @return null when that is done, which is so for every scheme that needs no token; else when it is. Fails with a
     *     {@link CredentialException}
     */
    public @Nullable Future<Void> authorise(OutgoingCall call, String secret) {
        try {
            return setHeaders(call, secret);
        } catch (IllegalArgumentException _) {
            return Future.failedFuture(unsendable());
        }
    }

    /** Why a call is not made whose headers cannot hold what a key makes of them. */
    public static CredentialException unsendable() {
        return new CredentialException(true, "its key holds a character that no header may hold");
    }

    private @Nullable Future<Void> setHeaders(OutgoingCall call, String secret) {
        MultiMap headers = call.headers();
        switch (call.service().offer().auth()) {
            case BEARER -> headers.set(HttpHeaders.AUTHORIZATION, BEARER + secret);
            case RAW -> headers.set(HttpHeaders.AUTHORIZATION, secret);
            case X_API_KEY -> anthropic(call, secret);
            case X_GOOG_API_KEY -> headers.set("x-goog-api-key", secret);
            case AWS -> aws(call, secret);
            case TC3 -> TencentSignature.sign(call, secret, "hunyuan", clock.instant());
            case GOOGLE -> {
                return keyOrToken(headers, "x-goog-api-key", secret);
            }
            case AZURE -> {
                return keyOrToken(headers, "api-key", secret);
            }
            case AZURE_ANTHROPIC -> {
                return keyOrToken(headers, "x-api-key", secret);
            }
        }
        return null;
    }

    /**
     * The provider refused a call that was authorised with a key.
     *
     * @param sent the headers of that call
     * @return whether that was done with a token that the key was exchanged for; it is thrown away
     */
    public boolean refused(BoundService service, String secret, MultiMap sent) {
        String authorization = sent.get(HttpHeaders.AUTHORIZATION);
        if (!takesAccounts(service.offer().auth()) || authorization == null || !authorization.startsWith(BEARER))
            return false;
        tokens.refused(secret, authorization.substring(BEARER.length()));
        return true;
    }

    private static boolean takesAccounts(Auth auth) {
        return switch (auth) {
            case GOOGLE, AZURE, AZURE_ANTHROPIC -> true;
            case BEARER, RAW, X_API_KEY, X_GOOG_API_KEY, AWS, TC3 -> false;
        };
    }

    public Future<Void> close() {
        return tokens.close();
    }

    /** @param header of a key that is sent as it is */
    private @Nullable Future<Void> keyOrToken(MultiMap headers, String header, String secret) {
        if (!Account.isMeantBy(secret)) {
            headers.set(header, secret);
            return null;
        }
        Account account = account(secret);
        if (account == null)
            return Future.failedFuture(new CredentialException(
                    true,
                    "the key is JSON, but neither that of a service account nor that of an Entra application"
                            + " (tenantId, clientId, clientSecret or federatedTokenFile) nor a managed identity"
                            + " (managedIdentity: true)"));
        return tokens.token(secret, account).map(token -> {
            headers.set(HttpHeaders.AUTHORIZATION, BEARER + token);
            return null;
        });
    }

    private @Nullable Account account(String secret) {
        if (accounts.size() > MOST_ACCOUNTS) accounts.clear();
        Account known = accounts.get(secret);
        if (known != null) return known;
        Account parsed = Account.parse(secret, identity);
        if (parsed != null) accounts.put(secret, parsed);
        return parsed;
    }

    /** An OAuth token takes the place of the key; what else the client says of itself is left as it is. */
    private static void anthropic(OutgoingCall call, String secret) {
        if (!call.service().spec().options().oauthToken()) {
            call.headers().set("x-api-key", secret);
            return;
        }
        call.headers().set(HttpHeaders.AUTHORIZATION, BEARER + secret);
        String betas = call.headers().get(BETA_HEADER);
        if (betas == null) call.headers().set(BETA_HEADER, OAUTH_BETA);
        else if (!betas.contains(OAUTH_BETA)) call.headers().set(BETA_HEADER, betas + "," + OAUTH_BETA);
    }

    private void aws(OutgoingCall call, String secret) {
        ProviderOptions options = call.service().spec().options();
        AccessKey key = options.authentication() == KeyKind.API_KEY ? null : AccessKey.parse(secret);
        if (key == null) {
            call.headers().set(HttpHeaders.AUTHORIZATION, BEARER + secret);
            return;
        }
        boolean mantle = options.endpointMode() == ProviderOptions.EndpointMode.MANTLE;
        AwsSignature.sign(
                call,
                key,
                new Scope(region(options, call.host()), mantle ? "bedrock-mantle" : "bedrock"),
                clock.instant());
    }

    /** As declared, else as the host names it: {@code bedrock-runtime.REGION.amazonaws.com}. */
    private static String region(ProviderOptions options, String host) {
        if (options.region() != null) return options.region();
        String[] labels = host.split("\\.");
        boolean named = labels.length >= 4 && labels[0].startsWith("bedrock");
        return named ? labels[1] : DEFAULT_AWS_REGION;
    }
}
