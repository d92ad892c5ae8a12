package dev.sluice.traffic.auth;

import static dev.sluice.traffic.Declared.NOW;
import static dev.sluice.traffic.Declared.SECRET;
import static dev.sluice.traffic.Declared.caller;
import static dev.sluice.traffic.Declared.consumer;
import static dev.sluice.traffic.Declared.fallback;
import static dev.sluice.traffic.Declared.grant;
import static dev.sluice.traffic.Declared.grantUntil;
import static dev.sluice.traffic.Declared.group;
import static dev.sluice.traffic.Declared.key;
import static dev.sluice.traffic.Declared.keyFor;
import static dev.sluice.traffic.Declared.single;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Consumer;
import dev.sluice.settings.ConsumerGroup;
import dev.sluice.settings.Credential;
import dev.sluice.settings.KeyHash;
import dev.sluice.settings.Limits;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.Quota;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.Declared;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    private static final BoundModelApi API = Declared.api(single("openai"), fallback());
    private static final Caller SHOP = caller(Limits.NONE, Quota.NONE);

    @ParameterizedTest
    @ValueSource(strings = {"Bearer " + SECRET, "bearer " + SECRET, "BEARER   " + SECRET + " ", " Bearer " + SECRET})
    void takesTheKeyFromTheAuthorizationHeader(String authorization) {
        assertThat(authenticate(SHOP, new Credentials(authorization, null, null, null, null, "10.0.0.1")))
                .isEqualTo(new Authentication.Known(SHOP));
    }

    @Test
    void takesTheKeyFromTheOtherPlaces() {
        Authentication known = new Authentication.Known(SHOP);
        assertThat(authenticate(SHOP, new Credentials(null, SECRET, null, null, null, "10.0.0.1")))
                .isEqualTo(known);
        assertThat(authenticate(SHOP, new Credentials(null, null, SECRET, null, null, "10.0.0.1")))
                .isEqualTo(known);
        assertThat(authenticate(SHOP, new Credentials(null, null, null, SECRET, null, "10.0.0.1")))
                .isEqualTo(known);
        assertThat(authenticate(SHOP, new Credentials(null, null, null, null, SECRET, "10.0.0.1")))
                .isEqualTo(known);
    }

    @Test
    void passesOverPlacesThatHoldNoKey() {
        Authentication known = new Authentication.Known(SHOP);
        assertThat(authenticate(SHOP, new Credentials("Basic dXNlcg==", " ", null, "", SECRET, "10.0.0.1")))
                .isEqualTo(known);
        assertThat(authenticate(SHOP, new Credentials("Bearer ", SECRET, null, null, null, "10.0.0.1")))
                .isEqualTo(known);
    }

    @Test
    void theFirstPlaceThatHoldsAKeyDecides() {
        assertRefused(
                authenticate(SHOP, new Credentials("Bearer wrong", SECRET, null, null, null, "10.0.0.1")),
                FailureKind.UNAUTHENTICATED,
                "the API key in Authorization is not known here; check it for typing errors or ask an operator for a new one");
    }

    @Test
    void asksNobodyWhenAuthenticationIsOff() {
        BoundModelApi open = Declared.api(
                new ModelApi.Authentication(ModelApi.Authentication.Mode.NONE, null, null),
                single("openai"),
                fallback());
        assertThat(Authenticator.authenticate(_ -> null, open, bearer("whatever"), NOW))
                .isEqualTo(new Authentication.Anonymous());
    }

    @Test
    void saysWhereToPutAMissingKey() {
        Credentials none = new Credentials(null, null, null, null, null, "10.0.0.1");
        assertRefused(
                authenticate(SHOP, none),
                FailureKind.UNAUTHENTICATED,
                "no API key given; send it as \"Authorization: Bearer KEY\", in x-api-key, api-key or in x-goog-api-key");
        BoundModelApi custom = Declared.api(
                new ModelApi.Authentication(ModelApi.Authentication.Mode.API_KEY, "X-Team-Key", "key"),
                single("openai"),
                fallback());
        assertRefused(
                Authenticator.authenticate(_ -> null, custom, none, NOW),
                FailureKind.UNAUTHENTICATED,
                "no API key given; send it as \"Authorization: Bearer KEY\", in x-api-key, api-key, in x-goog-api-key or in"
                        + " X-Team-Key or the query parameter \"key\"");
        assertRefused(
                Authenticator.authenticate(
                        _ -> null, custom, new Credentials(null, null, null, null, "k", "10.0.0.1"), NOW),
                FailureKind.UNAUTHENTICATED,
                "the API key in X-Team-Key or the query parameter \"key\" is not known here; check it for typing errors or"
                        + " ask an operator for a new one");
    }

    @Test
    void refusesADisabledKey() {
        assertRefused(
                authenticate(
                        caller(changed(false, null, List.of(), Credential.of(SECRET)), consumer(grant("chat"))),
                        bearer(SECRET)),
                FailureKind.UNAUTHENTICATED,
                "API key \"shop-key\" is disabled; an operator can enable it");
    }

    @Test
    void refusesAnExpiredKeyFromItsLastInstantOn() {
        ApiKey expired = changed(true, Instant.ofEpochMilli(NOW), List.of(), Credential.of(SECRET));
        assertRefused(
                authenticate(caller(expired, consumer(grant("chat"))), bearer(SECRET)),
                FailureKind.UNAUTHENTICATED,
                "API key \"shop-key\" expired at 2026-11-20T12:00:00Z; an operator can extend it or issue a new one");
        ApiKey alive = changed(true, Instant.ofEpochMilli(NOW + 1), List.of(), Credential.of(SECRET));
        assertThat(authenticate(caller(alive, consumer(grant("chat"))), bearer(SECRET)))
                .isInstanceOf(Authentication.Known.class);
    }

    @Test
    void takesTheSecretBeforeTheLastRotationUntilItsTime() {
        assertThat(authenticate(rotated(NOW + 1), bearer(SECRET))).isInstanceOf(Authentication.Known.class);
        assertRefused(
                authenticate(rotated(NOW), bearer(SECRET)),
                FailureKind.UNAUTHENTICATED,
                "the secret of API key \"shop-key\" was replaced and the old one was good until 2026-11-20T12:00:00Z; use the"
                        + " new one");
    }

    private static Caller rotated(long previousUntil) {
        Credential credential = new Credential(
                KeyHash.of("new-secret"), "new…", KeyHash.of(SECRET), Instant.ofEpochMilli(previousUntil));
        return caller(changed(true, null, List.of(), credential), consumer(grant("chat")));
    }

    @Test
    void refusesADisabledConsumer() {
        Consumer disabled = new Consumer("shop", "", false, List.of(), List.of(grant("chat")), "default");
        assertRefused(
                authenticate(caller(key(Limits.NONE, Quota.NONE), disabled), bearer(SECRET)),
                FailureKind.PERMISSION_DENIED,
                "consumer \"shop\" is disabled; an operator can enable it");
    }

    @Test
    void refusesAKeyFromAnAddressThatIsNotAllowed() {
        Caller inside = caller(
                changed(true, null, List.of("10.0.0.0/8", "::1"), Credential.of(SECRET)), consumer(grant("chat")));
        assertThat(authenticate(inside, bearer(SECRET))).isInstanceOf(Authentication.Known.class);
        assertRefused(
                authenticate(inside, new Credentials("Bearer " + SECRET, null, null, null, null, "192.168.0.7")),
                FailureKind.PERMISSION_DENIED,
                "API key \"shop-key\" may not be used from 192.168.0.7; an operator can add the address to its allowedIps");
    }

    @Test
    void refusesAModelApiThatTheKeyIsNotFor() {
        assertRefused(
                authenticate(
                        caller(keyFor(List.of(), List.of("images", "speech")), consumer(grant("chat"))),
                        bearer(SECRET)),
                FailureKind.PERMISSION_DENIED,
                "API key \"shop-key\" may not call Model API \"chat\" (allowed: images, speech); an operator can add it to its"
                        + " allowedModelApis");
    }

    @Test
    void deniesAConsumerWithoutAGrant() {
        String message =
                "consumer \"shop\" is not authorised for Model API \"chat\"; an operator can grant it to the consumer"
                        + " or to one of its groups (modelApis)";
        ApiKey key = key(Limits.NONE, Quota.NONE);
        assertRefused(authenticate(caller(key, consumer()), bearer(SECRET)), FailureKind.PERMISSION_DENIED, message);
        assertRefused(
                authenticate(caller(key, consumer(grant("other"))), bearer(SECRET)),
                FailureKind.PERMISSION_DENIED,
                message);
        ConsumerGroup off = new ConsumerGroup("off", "", false, List.of(grant("chat")), List.of(), "default");
        assertRefused(
                authenticate(caller(key, consumer(), off), bearer(SECRET)), FailureKind.PERMISSION_DENIED, message);
    }

    @Test
    void letsAConsumerThroughByAnyOfItsGroups() {
        Caller caller = caller(
                key(Limits.NONE, Quota.NONE),
                consumer(),
                group("empty", List.of()),
                group("partners", List.of(grant("chat"))));
        assertThat(authenticate(caller, bearer(SECRET))).isEqualTo(new Authentication.Known(caller));
    }

    @Test
    void saysWhenARightEnded() {
        Caller caller = caller(
                key(Limits.NONE, Quota.NONE),
                consumer(grantUntil("chat", "2026-10-01T00:00:00Z")),
                group("partners", List.of(grantUntil("chat", "2026-11-20T12:00:00Z"))));
        assertRefused(
                authenticate(caller, bearer(SECRET)),
                FailureKind.PERMISSION_DENIED,
                "the right of consumer \"shop\" to call Model API \"chat\" ended at 2026-11-20T12:00:00Z; an operator can renew"
                        + " it");
    }

    @Test
    void aKeyOfAnotherTenantIsUnknown() {
        Caller foreign =
                new Caller("key_x", "other", key(Limits.NONE, Quota.NONE), "con_x", consumer(grant("chat")), List.of());
        assertRefused(
                authenticate(foreign, bearer(SECRET)),
                FailureKind.UNAUTHENTICATED,
                "the API key in Authorization is not known here; check it for typing errors or ask an operator for a new one");
    }

    @Test
    void handsOnOnlyGrantsThatAreInForce() {
        Caller caller = caller(
                key(Limits.NONE, Quota.NONE),
                consumer(grantUntil("chat", "2026-10-01T00:00:00Z"), grant("images")),
                group("ended", List.of(grantUntil("chat", "2026-10-01T00:00:00Z"))),
                group("partners", List.of(grant("chat")), "gpt-4o-mini"));
        assertThat(authenticate(caller, bearer(SECRET))).isInstanceOfSatisfying(Authentication.Known.class, known -> {
            assertThat(known.caller().consumer().modelApis()).containsExactly(grant("images"));
            assertThat(known.caller().groups().get(0).modelApis()).isEmpty();
            assertThat(Authenticator.mayUse(known.caller(), API, "gpt-4o", Long.MIN_VALUE))
                    .isFalse();
            assertThat(Authenticator.mayUse(known.caller(), API, "gpt-4o-mini", Long.MIN_VALUE))
                    .isTrue();
        });
    }

    @Test
    void anybodyMayUseAnyModelWithoutAuthentication() {
        assertThat(Authenticator.mayUse(null, API, "gpt-4o", NOW)).isTrue();
    }

    @Test
    void aKeyNarrowsTheModelsOfADirectGrant() {
        Caller caller = caller(keyFor(List.of("gpt-4o*"), List.of()), consumer(grant("chat")));
        assertThat(Authenticator.mayUse(caller, API, "gpt-4o-mini", NOW)).isTrue();
        assertThat(Authenticator.mayUse(caller, API, "qwen-max", NOW)).isFalse();
        assertDenied(
                caller,
                "qwen-max",
                "API key \"shop-key\" may not use model \"qwen-max\" on Model API \"chat\" (allowed: gpt-4o*); an operator can"
                        + " add it to its allowedModels");
        assertDenied(
                caller,
                "",
                "API key \"shop-key\" is limited to certain models (gpt-4o*), and this route of Model API \"chat\" does not say"
                        + " which model is called; call a route that does, or add \"*\" to its allowedModels");
    }

    @Test
    void theListsOfTheGrantingGroupsAddUp() {
        Caller caller = caller(
                key(Limits.NONE, Quota.NONE),
                consumer(),
                group("a", List.of(grant("chat")), "gpt-4o-mini"),
                group("b", List.of(grant("chat")), "qwen-*"),
                group("elsewhere", List.of(grant("images"))));
        assertThat(Authenticator.mayUse(caller, API, "gpt-4o-mini", NOW)).isTrue();
        assertThat(Authenticator.mayUse(caller, API, "qwen-max", NOW)).isTrue();
        assertThat(Authenticator.mayUse(caller, API, "gpt-4o", NOW)).isFalse();
        assertDenied(
                caller,
                "gpt-4o",
                "consumer \"shop\" may not use model \"gpt-4o\" on Model API \"chat\" (allowed: gpt-4o-mini, qwen-*); an operator"
                        + " can add it to the allowedModels of its consumer group");
    }

    @Test
    void aDirectGrantHasNoListWhateverTheGroupsSay() {
        Caller caller = caller(
                key(Limits.NONE, Quota.NONE),
                consumer(grant("chat")),
                group("a", List.of(grant("chat")), "gpt-4o-mini"));
        assertThat(Authenticator.mayUse(caller, API, "qwen-max", NOW)).isTrue();
    }

    @Test
    void nothingShownContainsASecret() {
        Credentials credentials = new Credentials("Bearer " + SECRET, SECRET, SECRET, SECRET, SECRET, "10.0.0.1");
        assertThat(credentials.toString()).doesNotContain(SECRET);
    }

    private static void assertDenied(Caller caller, String model, String message) {
        Failure failure = Authenticator.modelDenied(caller, API, model, NOW);
        assertThat(failure).isEqualTo(Failure.of(FailureKind.PERMISSION_DENIED, message, "model"));
    }

    private static void assertRefused(Authentication actual, FailureKind kind, String message) {
        assertThat(actual).isEqualTo(new Authentication.Refused(Failure.of(kind, message)));
    }

    private static Authentication authenticate(Caller caller, Credentials credentials) {
        Map<KeyHash, Caller> keys = Map.of(KeyHash.of(SECRET), caller);
        return Authenticator.authenticate(keys::get, API, credentials, NOW);
    }

    private static Credentials bearer(String secret) {
        return new Credentials("Bearer " + secret, null, null, null, null, "10.0.0.1");
    }

    private static ApiKey changed(boolean enabled, Instant expiresAt, List<String> allowedIps, Credential credential) {
        return new ApiKey(
                "shop-key",
                "",
                "shop",
                null,
                enabled,
                expiresAt,
                allowedIps,
                List.of(),
                List.of(),
                Limits.NONE,
                Quota.NONE,
                credential,
                "default");
    }
}
