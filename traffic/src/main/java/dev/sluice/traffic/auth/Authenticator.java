package dev.sluice.traffic.auth;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Consumer;
import dev.sluice.settings.ConsumerGroup;
import dev.sluice.settings.Credential;
import dev.sluice.settings.KeyHash;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.ModelApiGrant;
import dev.sluice.settings.glob.Glob;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides who is calling and whether he may call a Model API. Pure; denies by default. */
public final class Authenticator {
    /** How many names a message lists at most. */
    private static final int LISTED = 8;

    private Authenticator() {}

    /** Where API keys are looked up. */
    interface KeyRing {
        @Nullable
        Caller caller(KeyHash hash);
    }

    /**
     * Judges the credentials of a call. A caller that is let through holds only grants of this Model API that are in
     * force, see {@link #inForce}.
     */
    public static Authentication authenticate(
            Snapshot snapshot, BoundModelApi api, Credentials credentials, long nowMillis) {
        return authenticate(snapshot::caller, api, credentials, nowMillis);
    }

    static Authentication authenticate(KeyRing keys, BoundModelApi api, Credentials credentials, long nowMillis) {
        ModelApi.Authentication places = api.spec().authentication();
        if (places.mode() == ModelApi.Authentication.Mode.NONE) return new Authentication.Anonymous();
        String secret = secret(credentials);
        if (secret == null) return unauthenticated(howToShowAKey(places));
        KeyHash hash = KeyHash.of(secret);
        Caller caller = keys.caller(hash);
        // A key of another tenant is as good as none: grants name Model APIs, and names repeat over tenants.
        if (caller == null || !caller.tenant().equals(api.tenant())) {
            return unauthenticated("the API key in " + place(credentials, places)
                    + " is not known here; check it for typing errors or ask an operator for a new one");
        }
        Failure refusal = refusal(caller, hash, api, credentials.remoteIp(), nowMillis);
        return refusal == null
                ? new Authentication.Known(inForce(caller, api, nowMillis))
                : new Authentication.Refused(refusal);
    }

    /** Whether a caller, known from another Model API, would be let through by this one as well. */
    public static boolean isAuthorised(Caller caller, BoundModelApi api, long nowMillis) {
        List<String> ofKey = caller.key().allowedModelApis();
        return caller.tenant().equals(api.tenant())
                && (ofKey.isEmpty() || ofKey.contains(api.name()))
                && isGranted(caller, api, nowMillis);
    }

    /**
     * Whether a caller may use a model on a Model API: the key's own list, and the lists of the groups that grant the
     * Model API (a direct grant has no list). Null caller = anonymous = all.
     */
    public static boolean mayUse(@Nullable Caller caller, BoundModelApi api, String model, long nowMillis) {
        if (caller == null) return true;
        List<String> ofKey = caller.key().allowedModels();
        if (!ofKey.isEmpty() && !Glob.matchesAny(ofKey, model)) return false;
        if (grants(caller.consumer().modelApis(), api.name(), nowMillis)) return true;
        List<ConsumerGroup> groups = caller.groups();
        for (int i = 0; i < groups.size(); i++) {
            ConsumerGroup group = groups.get(i);
            if (group.enabled()
                    && grants(group.modelApis(), api.name(), nowMillis)
                    && (group.allowedModels().isEmpty() || Glob.matchesAny(group.allowedModels(), model))) {
                return true;
            }
        }
        return false;
    }

    /** Why {@link #mayUse} said no: kind PERMISSION_DENIED, naming the model and the list that does not hold it. */
    public static Failure modelDenied(Caller caller, BoundModelApi api, String model, long nowMillis) {
        if (!isGranted(caller, api, nowMillis)) return notGranted(caller, api, nowMillis);
        List<String> ofKey = caller.key().allowedModels();
        boolean byKey = !ofKey.isEmpty() && !Glob.matchesAny(ofKey, model);
        List<String> allowed = byKey ? ofKey : ofGroups(caller, api, nowMillis);
        String who =
                byKey ? quoted(caller.key()) : "consumer \"" + caller.consumer().name() + "\"";
        String where = byKey ? "its allowedModels" : "the allowedModels of its consumer group";
        String message = model.isEmpty()
                ? who + " is limited to certain models (" + listed(allowed) + "), and this route of Model API \""
                        + api.name() + "\" does not say which model is called; call a route that does, or add \"*\" to "
                        + where
                : who + " may not use model \"" + model + "\" on Model API \"" + api.name() + "\" (allowed: "
                        + listed(allowed) + "); an operator can add it to " + where;
        return Failure.of(FailureKind.PERMISSION_DENIED, message, "model");
    }

    /**
     * The caller without the grants of a Model API that have ended or come from disabled groups. The same object when
     * there are none, which is nearly always.
     */
    public static Caller inForce(Caller caller, BoundModelApi api, long nowMillis) {
        boolean ended = endsBy(caller.consumer().modelApis(), api.name(), nowMillis);
        for (int i = 0; i < caller.groups().size() && !ended; i++) {
            ConsumerGroup group = caller.groups().get(i);
            ended = !group.enabled() || endsBy(group.modelApis(), api.name(), nowMillis);
        }
        if (!ended) return caller;
        Consumer c = caller.consumer();
        List<ConsumerGroup> groups = new ArrayList<>();
        for (ConsumerGroup g : caller.groups()) {
            if (!g.enabled()) continue;
            groups.add(new ConsumerGroup(
                    g.name(),
                    g.description(),
                    true,
                    without(g.modelApis(), api.name(), nowMillis),
                    g.allowedModels(),
                    g.resourceGroup()));
        }
        Consumer consumer = new Consumer(
                c.name(),
                c.description(),
                c.enabled(),
                c.groups(),
                without(c.modelApis(), api.name(), nowMillis),
                c.resourceGroup());
        return new Caller(caller.keyId(), caller.tenant(), caller.key(), caller.consumerId(), consumer, groups);
    }

    /** The secret in the first place that holds one. */
    private static @Nullable String secret(Credentials c) {
        String secret = bearer(c.authorization());
        if (secret == null) secret = given(c.xApiKey());
        if (secret == null) secret = given(c.apiKey());
        if (secret == null) secret = given(c.xGoogApiKey());
        return secret == null ? given(c.custom()) : secret;
    }

    private static @Nullable String bearer(@Nullable String authorization) {
        String value = given(authorization);
        return value != null && value.regionMatches(true, 0, "Bearer ", 0, 7) ? given(value.substring(7)) : null;
    }

    private static @Nullable String given(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** Why a known key does not get through; null if it does. */
    private static @Nullable Failure refusal(
            Caller caller, KeyHash hash, BoundModelApi api, String remoteIp, long nowMillis) {
        ApiKey key = caller.key();
        Credential credential = key.credential();
        if (credential != null && !credential.hash().equals(hash)) {
            Instant until = credential.previousValidUntil();
            if (!hash.equals(credential.previousHash()) || until == null || until.toEpochMilli() <= nowMillis) {
                return Failure.of(
                        FailureKind.UNAUTHENTICATED,
                        "the secret of " + quoted(key) + " was replaced"
                                + (until == null ? "" : " and the old one was good until " + until)
                                + "; use the new one");
            }
        }
        if (!key.enabled()) {
            return Failure.of(FailureKind.UNAUTHENTICATED, quoted(key) + " is disabled; an operator can enable it");
        }
        if (key.expiresAt() != null && key.expiresAt().toEpochMilli() <= nowMillis) {
            return Failure.of(
                    FailureKind.UNAUTHENTICATED,
                    quoted(key) + " expired at " + key.expiresAt() + "; an operator can extend it or issue a new one");
        }
        if (!caller.consumer().enabled()) {
            return denied("consumer \"" + caller.consumer().name() + "\" is disabled; an operator can enable it");
        }
        if (!key.allowedIps().isEmpty() && !AddressRanges.of(key.allowedIps()).contains(IpAddress.parse(remoteIp))) {
            return denied(quoted(key) + " may not be used from " + remoteIp
                    + "; an operator can add the address to its allowedIps");
        }
        if (!key.allowedModelApis().isEmpty() && !key.allowedModelApis().contains(api.name())) {
            return denied(quoted(key) + " may not call Model API \"" + api.name() + "\" (allowed: "
                    + listed(key.allowedModelApis()) + "); an operator can add it to its allowedModelApis");
        }
        return isGranted(caller, api, nowMillis) ? null : notGranted(caller, api, nowMillis);
    }

    private static boolean isGranted(Caller caller, BoundModelApi api, long nowMillis) {
        if (grants(caller.consumer().modelApis(), api.name(), nowMillis)) return true;
        List<ConsumerGroup> groups = caller.groups();
        for (int i = 0; i < groups.size(); i++) {
            ConsumerGroup group = groups.get(i);
            if (group.enabled() && grants(group.modelApis(), api.name(), nowMillis)) return true;
        }
        return false;
    }

    private static Failure notGranted(Caller caller, BoundModelApi api, long nowMillis) {
        Instant ended = latestEnd(caller.consumer().modelApis(), api.name(), null);
        for (ConsumerGroup group : caller.groups()) {
            if (group.enabled()) ended = latestEnd(group.modelApis(), api.name(), ended);
        }
        String consumer = "consumer \"" + caller.consumer().name() + "\"";
        if (ended != null && ended.toEpochMilli() <= nowMillis) {
            return denied("the right of " + consumer + " to call Model API \"" + api.name() + "\" ended at " + ended
                    + "; an operator can renew it");
        }
        return denied(consumer + " is not authorised for Model API \"" + api.name()
                + "\"; an operator can grant it to the consumer or to one of its groups (modelApis)");
    }

    private static boolean grants(List<ModelApiGrant> grants, String name, long nowMillis) {
        for (int i = 0; i < grants.size(); i++) {
            ModelApiGrant grant = grants.get(i);
            if (grant.name().equals(name) && !hasEnded(grant, nowMillis)) return true;
        }
        return false;
    }

    private static boolean endsBy(List<ModelApiGrant> grants, String name, long nowMillis) {
        for (int i = 0; i < grants.size(); i++) {
            ModelApiGrant grant = grants.get(i);
            if (grant.name().equals(name) && hasEnded(grant, nowMillis)) return true;
        }
        return false;
    }

    private static boolean hasEnded(ModelApiGrant grant, long nowMillis) {
        return grant.expiresAt() != null && grant.expiresAt().toEpochMilli() <= nowMillis;
    }

    private static List<ModelApiGrant> without(List<ModelApiGrant> grants, String name, long nowMillis) {
        List<ModelApiGrant> kept = new ArrayList<>(grants.size());
        for (ModelApiGrant grant : grants) {
            if (!grant.name().equals(name) || !hasEnded(grant, nowMillis)) kept.add(grant);
        }
        return kept;
    }

    private static @Nullable Instant latestEnd(List<ModelApiGrant> grants, String name, @Nullable Instant latest) {
        for (ModelApiGrant grant : grants) {
            Instant end = grant.expiresAt();
            if (grant.name().equals(name) && end != null && (latest == null || end.isAfter(latest))) latest = end;
        }
        return latest;
    }

    private static List<String> ofGroups(Caller caller, BoundModelApi api, long nowMillis) {
        List<String> allowed = new ArrayList<>();
        for (ConsumerGroup group : caller.groups()) {
            if (group.enabled() && grants(group.modelApis(), api.name(), nowMillis)) {
                allowed.addAll(group.allowedModels());
            }
        }
        return allowed;
    }

    private static String howToShowAKey(ModelApi.Authentication places) {
        StringBuilder message =
                new StringBuilder("no API key given; send it as \"Authorization: Bearer KEY\", in x-api-key, api-key");
        String own = ownPlace(places);
        message.append(own == null ? " or in x-goog-api-key" : ", in x-goog-api-key or in ");
        if (own != null) message.append(own);
        return message.toString();
    }

    private static String place(Credentials c, ModelApi.Authentication places) {
        if (bearer(c.authorization()) != null) return "Authorization";
        if (given(c.xApiKey()) != null) return "x-api-key";
        if (given(c.apiKey()) != null) return "api-key";
        if (given(c.xGoogApiKey()) != null) return "x-goog-api-key";
        String own = ownPlace(places);
        return own == null ? "the request" : own;
    }

    /** The places that the Model API adds to the usual ones, in words. */
    private static @Nullable String ownPlace(ModelApi.Authentication places) {
        String header = places.header();
        if (places.queryParameter() == null) return header;
        String parameter = "the query parameter \"" + places.queryParameter() + '"';
        return header == null ? parameter : header + " or " + parameter;
    }

    private static String listed(List<String> names) {
        if (names.isEmpty()) return "none";
        if (names.size() <= LISTED) return String.join(", ", names);
        return String.join(", ", names.subList(0, LISTED)) + " and " + (names.size() - LISTED) + " more";
    }

    private static String quoted(ApiKey key) {
        return "API key \"" + key.name() + '"';
    }

    private static Authentication unauthenticated(String message) {
        return new Authentication.Refused(Failure.of(FailureKind.UNAUTHENTICATED, message));
    }

    private static Failure denied(String message) {
        return Failure.of(FailureKind.PERMISSION_DENIED, message);
    }
}
