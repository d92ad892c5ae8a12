package dev.sluice.traffic.failure;

import static dev.sluice.traffic.failure.FailureKind.CONTENT_FILTERED;
import static dev.sluice.traffic.failure.FailureKind.CONTEXT_TOO_LONG;
import static dev.sluice.traffic.failure.FailureKind.CONVERSATION_NOT_FOUND;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_AUTH;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_QUOTA;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_RATE_LIMITED;
import static dev.sluice.traffic.failure.FailureKind.TIMEOUT;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_ERROR;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_MODEL_NOT_FOUND;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_OVERLOADED;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_REFUSED;

import dev.sluice.settings.catalogue.Provider.ErrorDialect;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor means by codes and statuses that mean something else, or nothing, elsewhere. MiniMax calls a timeout 1001, which
 * is a bad key to Zhipu; so a number is looked up only for the vendor that the catalogue names.
 */
final class VendorCodes {
    private static final Map<Integer, FailureKind> ZHIPU = new HashMap<>();
    private static final Map<Integer, FailureKind> MINIMAX = new HashMap<>();
    private static final Map<Integer, FailureKind> SPARK = new HashMap<>();

    static {
        put(ZHIPU, PROVIDER_AUTH, 1000, 1001, 1002, 1003, 1004, 1110, 1111, 1112);
        put(ZHIPU, PROVIDER_QUOTA, 1113, 1114, 1115, 1116, 1117, 1118, 1119, 1120, 1121);
        put(ZHIPU, UPSTREAM_REFUSED, 1210, 1212, 1213, 1214, 1215, 1221, 1222);
        put(ZHIPU, UPSTREAM_MODEL_NOT_FOUND, 1211, 1220);
        put(ZHIPU, UPSTREAM_ERROR, 1230, 1234);
        put(ZHIPU, CONTENT_FILTERED, 1300, 1301);
        put(ZHIPU, PROVIDER_RATE_LIMITED, 1302, 1303, 1304, 1305);

        put(MINIMAX, UPSTREAM_ERROR, 1000, 1024, 1033);
        put(MINIMAX, TIMEOUT, 1001);
        put(MINIMAX, PROVIDER_RATE_LIMITED, 1002, 1039);
        put(MINIMAX, PROVIDER_AUTH, 1004, 2049);
        put(MINIMAX, PROVIDER_QUOTA, 1008);
        put(MINIMAX, CONTENT_FILTERED, 1026, 1027);
        put(MINIMAX, UPSTREAM_REFUSED, 2013);

        put(SPARK, UPSTREAM_ERROR, 10_007, 10_008);
        put(SPARK, CONTENT_FILTERED, 10_013, 10_014, 10_019);
        put(SPARK, UPSTREAM_OVERLOADED, 10_110);
        put(SPARK, CONTEXT_TOO_LONG, 10_907);
        put(SPARK, PROVIDER_AUTH, 11_200);
        put(SPARK, PROVIDER_RATE_LIMITED, 11_201, 11_202, 11_203);
    }

    private VendorCodes() {}

    /**
     * The kind that the vendor gives its error; null if that is left to words and status.
     *
     * @param number the code as a number, -1 if it is none
     * @param message in lower case
     */
    static @Nullable FailureKind of(
            ErrorDialect dialect, int status, @Nullable String code, int number, String message) {
        return switch (dialect) {
            case WORDS -> null;
            case ZHIPU -> ZHIPU.get(number);
            case MINIMAX -> MINIMAX.get(number);
            case SPARK -> SPARK.get(number);
            // An invalid or blocked token, beside the 401 of a missing one.
            case COHERE -> status == 498 ? PROVIDER_AUTH : null;
            case COZE -> coze(number, message);
            case DIFY -> code == null ? null : dify(code.toLowerCase(Locale.ROOT), message);
        };
    }

    private static @Nullable FailureKind dify(String code, String message) {
        return switch (code) {
            // Sent with a 400, although the application or the provider behind it is at fault.
            case "app_unavailable",
                    "provider_not_initialize",
                    "model_currently_not_support",
                    "completion_request_error" -> UPSTREAM_ERROR;
            // The plan of the workspace; too many calls at once are too_many_requests.
            case "provider_quota_exceeded", "rate_limit_error" -> PROVIDER_QUOTA;
            case "not_found" -> message.contains("conversation") ? CONVERSATION_NOT_FOUND : null;
            default -> null;
        };
    }

    private static @Nullable FailureKind coze(int number, String message) {
        return switch (number) {
            case 4000 -> UPSTREAM_REFUSED;
            case 4013 -> PROVIDER_RATE_LIMITED;
            case 4100, 4101 -> PROVIDER_AUTH;
            case 4200 -> message.contains("conversation") ? CONVERSATION_NOT_FOUND : UPSTREAM_MODEL_NOT_FOUND;
            default -> null;
        };
    }

    private static void put(Map<Integer, FailureKind> codes, FailureKind kind, int... numbers) {
        for (int number : numbers) codes.put(number, kind);
    }
}
