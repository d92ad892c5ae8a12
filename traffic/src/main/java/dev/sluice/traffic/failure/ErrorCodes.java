package dev.sluice.traffic.failure;

import static dev.sluice.traffic.failure.FailureKind.CONTENT_FILTERED;
import static dev.sluice.traffic.failure.FailureKind.CONTEXT_TOO_LONG;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_AUTH;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_QUOTA;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_RATE_LIMITED;
import static dev.sluice.traffic.failure.FailureKind.TIMEOUT;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_ERROR;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_MODEL_NOT_FOUND;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_OVERLOADED;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_REFUSED;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the vendors' error codes mean. A code says more than the status that comes with it: vendors send 429 for an empty
 * account, 400 for a bad key, 403 for a prompt that is too long, 200 for anything.
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
            "accessdeniedexception",
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
            "provider_quota_exceeded",
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

    /** Dify's words for faults of the application or of the provider behind it, which it sends with a 400. */
    private static final Set<String> FAULTS_BEHIND = Set.of(
            "app_unavailable", "provider_not_initialize", "model_currently_not_support", "completion_request_error");

    private static final Map<String, FailureKind> EXACT = new HashMap<>();
    private static final Map<String, FailureKind> PREFIXES = new HashMap<>();
    private static final Map<Integer, FailureKind> ZHIPU = new HashMap<>();
    private static final Map<Integer, FailureKind> MINIMAX_AND_SPARK = new HashMap<>();

    static {
        for (String[] row : WORDS) {
            FailureKind kind = FailureKind.valueOf(row[0]);
            for (int i = 1; i < row.length; i++) {
                String word = row[i];
                if (word.endsWith("*")) PREFIXES.put(word.substring(0, word.length() - 1), kind);
                else EXACT.put(word, kind);
            }
        }
        put(ZHIPU, PROVIDER_AUTH, 1000, 1001, 1002, 1003, 1004, 1110, 1111, 1112);
        put(ZHIPU, PROVIDER_QUOTA, 1113, 1114, 1115, 1116, 1117, 1118, 1119, 1120, 1121);
        put(ZHIPU, UPSTREAM_REFUSED, 1210, 1212, 1213, 1214, 1215, 1221, 1222);
        put(ZHIPU, UPSTREAM_MODEL_NOT_FOUND, 1211, 1220);
        put(ZHIPU, UPSTREAM_ERROR, 1230, 1234);
        put(ZHIPU, CONTENT_FILTERED, 1300, 1301);
        put(ZHIPU, PROVIDER_RATE_LIMITED, 1302, 1303, 1304, 1305);
        put(MINIMAX_AND_SPARK, UPSTREAM_ERROR, 1000, 1024, 1033, 10_007, 10_008);
        put(MINIMAX_AND_SPARK, TIMEOUT, 1001);
        put(MINIMAX_AND_SPARK, PROVIDER_RATE_LIMITED, 1002, 1039, 11_201, 11_202, 11_203);
        put(MINIMAX_AND_SPARK, PROVIDER_AUTH, 1004, 2049, 11_200);
        put(MINIMAX_AND_SPARK, PROVIDER_QUOTA, 1008);
        put(MINIMAX_AND_SPARK, CONTENT_FILTERED, 1026, 1027, 10_013, 10_014, 10_019);
        put(MINIMAX_AND_SPARK, UPSTREAM_REFUSED, 2013);
        put(MINIMAX_AND_SPARK, CONTEXT_TOO_LONG, 10_907);
        put(MINIMAX_AND_SPARK, UPSTREAM_OVERLOADED, 10_110);
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

    /** Whether a word means a failure of the upstream although the status blames the request. */
    static boolean isFaultBehind(String word) {
        return FAULTS_BEHIND.contains(word);
    }

    /**
     * What a vendor's number means. The same numbers mean different things: Zhipu sends its own with an error status,
     * MiniMax and Spark send theirs inside a 200.
     */
    static @Nullable FailureKind ofNumber(int number, boolean insideSuccess) {
        FailureKind first = (insideSuccess ? MINIMAX_AND_SPARK : ZHIPU).get(number);
        return first != null || !insideSuccess ? first : ZHIPU.get(number);
    }

    private static void put(Map<Integer, FailureKind> codes, FailureKind kind, int... numbers) {
        for (int number : numbers) codes.put(number, kind);
    }
}
