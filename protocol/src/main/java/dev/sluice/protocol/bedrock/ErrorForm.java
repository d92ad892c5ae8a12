package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.error.AttemptList;
import dev.sluice.protocol.eventstream.EventMessage;
import dev.sluice.protocol.json.Json;

/** Errors in AWS's form: the kind in a header, or in the header of a frame. */
final class ErrorForm {
    private ErrorForm() {}

    static byte[] body(ClientError error) {
        return told(error).toBytes();
    }

    static byte[] event(ClientError error) {
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

    /** The exceptions that AWS's clients know, by status. */
    static String exception(int status) {
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
