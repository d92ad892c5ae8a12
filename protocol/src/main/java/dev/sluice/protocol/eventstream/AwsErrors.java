package dev.sluice.protocol.eventstream;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.error.AttemptList;
import dev.sluice.protocol.json.Json;
import java.util.Map;

/** Errors of Bedrock's runtime in AWS's form: the kind in a header, or in the header of a frame. */
public final class AwsErrors {
    private AwsErrors() {}

    public static byte[] body(ClientError error) {
        return told(error).toBytes();
    }

    public static byte[] event(ClientError error) {
        return EventMessage.exception(exceptionInStream(error.status()), told(error));
    }

    private static Json told(ClientError error) {
        return Json.object()
                .put("message", error.message())
                .put("code", error.code())
                .put("param", error.param())
                .putUnlessEmpty("attempts", AttemptList.of(error))
                .build();
    }

    /** What the head of an error answer says. */
    public static Map<String, String> headers(ClientError error) {
        return Map.of("x-amzn-errortype", exception(error.status()));
    }

    /** The exceptions that AWS's clients know, by status. */
    private static String exception(int status) {
        return switch (status) {
            case 401, 403 -> "AccessDeniedException";
            case 402 -> "ServiceQuotaExceededException";
            case 404 -> "ResourceNotFoundException";
            case 408, 504 -> "ModelTimeoutException";
            case 424, 502 -> "ModelErrorException";
            case 429 -> "ThrottlingException";
            case 503, 529 -> "ServiceUnavailableException";
            default -> status < 500 ? "ValidationException" : "InternalServerException";
        };
    }

    /** A stream knows fewer of them, and spells them differently. */
    private static String exceptionInStream(int status) {
        return switch (status) {
            case 429 -> "throttlingException";
            case 503, 529 -> "serviceUnavailableException";
            case 408, 424, 502, 504 -> "modelStreamErrorException";
            default -> status < 500 ? "validationException" : "internalServerException";
        };
    }
}
