package dev.sluice.traffic.failure;

import static dev.sluice.traffic.failure.FailureKind.CONTENT_FILTERED;
import static dev.sluice.traffic.failure.FailureKind.CONTEXT_TOO_LONG;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_AUTH;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_PERMISSION;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_QUOTA;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_RATE_LIMITED;
import static dev.sluice.traffic.failure.FailureKind.TIMEOUT;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_ERROR;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_MALFORMED;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_MODEL_NOT_FOUND;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_OVERLOADED;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_REFUSED;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What error codes in words mean. A code says more than the status that comes with it: vendors send 429 for an empty
 * account, 400 for a bad key, 403 for a prompt that is too long, 200 for anything. No two vendors mean different things by
 * one of these words; what only one vendor means so stands in {@link VendorCodes}.
 */
final class ErrorCodes {
    /** Codes and error types in lower case; {@code x.*} stands for all that begin with {@code x}. */
    private static final String[][] WORDS = {
        {
            PROVIDER_AUTH.name(),
            // OpenAI, Moonshot, DashScope, Anthropic, Gemini, Ark, Bedrock, Hunyuan
            "invalid_api_key",
            "incorrect_api_key",
            "incorrect_api_key_error",
            "invalid_authentication_error",
            "invalid_authentication",
            "invalidapikey",
            "authentication_error",
            "authenticationerror",
            "api_key_invalid",
            "ip_not_authorized",
            "account_deactivated",
            "unauthenticated",
            "unrecognizedclientexception",
            "invalidsignatureexception",
            "expiredtokenexception",
            "authfailure*",
            "unauthorizedoperation*",
            "ipinblacklist",
            "failedoperation.servicenotactivated",
            "failedoperation.userunautherror",
            "failedoperation.partneraccountunsupport",
            // reasons of Google's ErrorInfo
            "api_key_service_blocked",
            "api_key_http_referrer_blocked",
            "api_key_ip_address_blocked",
            "service_disabled",
            "consumer_invalid",
            "access_token_expired",
            "access_token_scope_insufficient",
        },
        {
            PROVIDER_PERMISSION.name(),
            // Anthropic, Moonshot, Google, Bedrock, DashScope and Ark, OpenAI
            "permission_error",
            "permission_denied_error",
            "permission_denied",
            "accessdeniedexception",
            "accessdenied",
            "unsupported_country_region_territory",
        },
        {
            PROVIDER_QUOTA.name(),
            "insufficient_quota",
            "billing_hard_limit_reached",
            "billing_not_active",
            "billing_error",
            "exceeded_current_quota_error",
            "insufficient_balance",
            "arrearage",
            "accountoverdueerror",
            "quotaexceeded",
            "resourceinsufficient*",
            "failedoperation.servicestop*",
            "failedoperation.freeresourcepackexhausted",
            "failedoperation.resourcepackexhausted",
            "resourceunavailable.*",
            "failed_precondition",
            "insufficient_user_quota",
            "billing_disabled",
            "consumer_suspended",
        },
        {
            PROVIDER_RATE_LIMITED.name(),
            "rate_limit_exceeded",
            "rate_limit_error",
            "rate_limit_reached_error",
            "throttling*",
            "throttlingexception",
            "servicequotaexceededexception",
            "resource_exhausted",
            "ratelimitexceeded*",
            "setlimitexceeded",
            "limitexceeded*",
            "requestlimitexceeded*",
            "failedoperation.engineserverlimitexceeded",
            "toomanyrequests",
            "too_many_requests",
            "rate_limited",
            "nocapacity",
        },
        {
            UPSTREAM_OVERLOADED.name(),
            "overloaded_error",
            "engine_overloaded_error",
            "engine_overloaded",
            "overloaded",
            "serveroverloaded",
            "slow_down",
            "modelnotreadyexception",
            "serviceunavailableexception",
            "service_unavailable",
            "unavailable",
            "modelunavailable",
            "modelservingerror",
        },
        {
            CONTEXT_TOO_LONG.name(),
            "context_length_exceeded",
            "string_above_max_length",
            "context_window_exceeded",
            "model_max_prompt_tokens_exceeded",
        },
        {
            CONTENT_FILTERED.name(),
            "content_filter",
            "content_policy_violation",
            "moderation_blocked",
            "invalid_prompt",
            "datainspectionfailed",
            "data_inspection_failed",
            "sensitivecontentdetected*",
            "inputtextsensitivecontentdetected*",
            "inputimagesensitivecontentdetected*",
            "outputtextsensitivecontentdetected*",
            "operationdenied.textillegaldetected",
            "operationdenied.imageillegaldetected",
            "responsibleaipolicyviolation",
        },
        {
            UPSTREAM_MODEL_NOT_FOUND.name(),
            "model_not_found",
            "modelnotfound",
            "model_not_exist",
            "deploymentnotfound",
            "invalidendpointormodel*",
            "modelnotopen",
            "model.accessdenied",
            "accessdenied.unpurchased",
            "resource_not_found_error",
            "resourcenotfoundexception",
            "invalidparametervalue.model",
            "unknown_model",
            "invalid_model",
        },
        {
            TIMEOUT.name(),
            "timeout_error",
            "deadline_exceeded",
            "requesttimeout",
            "modeltimeoutexception",
            "failedoperation.enginerequesttimeout"
        },
        {
            UPSTREAM_ERROR.name(),
            "server_error",
            "internal_error",
            "internalerror*",
            "internal_server_error",
            "internalserverexception",
            "internalserviceerror",
            "systemerror",
            "api_error",
            "internal",
            "conflict_error",
            "failedoperation",
            "failedoperation.engineservererror",
            "failedoperation.consoleservererror",
            "modelerrorexception",
            "modelstreamerrorexception"
        },
        {
            UPSTREAM_MALFORMED.name(),
            // what the readers of streams call an event that they cannot read
            "malformed_event",
        },
        {
            UPSTREAM_REFUSED.name(),
            // Tencent, DashScope, Ark, Bedrock: which field it was is in the words
            "invalidparameter*",
            "missingparameter*",
            "unknownparameter*",
            "unsupportedoperation*",
            "badrequest.*",
            "invalidurl",
            "flownotpublished",
            "validationexception",
            "requestsizelimitexceeded",
            "invalidaction",
            "nosuchversion",
            "unsupportedregion",
            "resourcenotfound",
        },
    };

    private static final Map<String, FailureKind> EXACT = new HashMap<>();
    private static final Map<String, FailureKind> PREFIXES = new HashMap<>();

    static {
        for (String[] row : WORDS) {
            FailureKind kind = FailureKind.valueOf(row[0]);
            for (int i = 1; i < row.length; i++) {
                String word = row[i];
                if (word.endsWith("*")) PREFIXES.put(word.substring(0, word.length() - 1), kind);
                else EXACT.put(word, kind);
            }
        }
    }

    private ErrorCodes() {}

    /** What a code or error type in words means, null if it is none of the known ones; in lower case. */
    static @Nullable FailureKind ofWord(String word) {
        FailureKind exact = EXACT.get(word);
        if (exact != null) return exact;
        for (Map.Entry<String, FailureKind> prefix : PREFIXES.entrySet()) {
            if (word.startsWith(prefix.getKey())) return prefix.getValue();
        }
        return null;
    }
}
