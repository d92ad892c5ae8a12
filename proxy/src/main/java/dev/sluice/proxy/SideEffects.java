package dev.sluice.proxy;

import dev.sluice.settings.Operation;
import dev.sluice.traffic.failure.Failure;
import io.vertx.core.http.HttpMethod;

/** Which calls make something at the provider that must not be made twice, and after which failures nothing was made. */
final class SideEffects {
    /** With it, a client asks its backend to do the same thing once only. */
    private static final String IDEMPOTENCY_KEY = "idempotency-key";

    private SideEffects() {}

    /** Uploads a file, begins a batch, a video or a response in the background, makes an image, or changes something that the gateway knows nothing of. */
    static boolean has(Exchange x) {
        HttpMethod method = x.request.method();
        if (x.operation() == Operation.OPAQUE)
            return !isIdempotent(method) && !x.request.headers().contains(IDEMPOTENCY_KEY);
        if (!method.equals(HttpMethod.POST)) return false;
        return switch (x.operation()) {
            case FILES,
                    ANTHROPIC_FILES,
                    MESSAGE_BATCHES,
                    BATCHES,
                    CONVERSATIONS,
                    VIDEOS,
                    UPLOADS,
                    CONTAINERS,
                    FINE_TUNING_JOBS,
                    ARK_TASKS,
                    IMAGE_GENERATIONS,
                    IMAGE_EDITS,
                    IMAGE_VARIATIONS,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_EDIT,
                    DASHSCOPE_VIDEO,
                    DASHSCOPE_IMAGE_TO_VIDEO,
                    DASHSCOPE_TRANSCRIPTION -> true;
            case RESPONSES -> x.head != null && x.head.background();
            case VECTOR_STORES -> !x.item().endsWith("/search");
            default -> false;
        };
    }

    /** RFC 9110, section 9.2.2. */
    private static boolean isIdempotent(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }

    /** Whether an upstream may have accepted a call that failed in this way. */
    static boolean mayHaveHappened(Failure failure) {
        return switch (failure.kind()) {
            case UPSTREAM_ERROR, UPSTREAM_MALFORMED, UPSTREAM_CUT, TIMEOUT, FIRST_PACKET_TIMEOUT, TOTAL_TIMEOUT -> true;
            default -> false;
        };
    }
}
