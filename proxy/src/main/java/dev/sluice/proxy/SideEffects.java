package dev.sluice.proxy;

import dev.sluice.traffic.failure.Failure;
import io.vertx.core.http.HttpMethod;

/** Which calls make something at the provider that must not be made twice, and after which failures nothing was made. */
final class SideEffects {
    private SideEffects() {}

    /** Uploads a file, begins a batch or a video, makes an image. */
    static boolean has(Exchange x) {
        if (!x.request.method().equals(HttpMethod.POST)) return false;
        return switch (x.operation()) {
            case FILES,
                    ANTHROPIC_FILES,
                    MESSAGE_BATCHES,
                    BATCHES,
                    VIDEOS,
                    IMAGE_GENERATIONS,
                    IMAGE_EDITS,
                    IMAGE_VARIATIONS,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_EDIT,
                    DASHSCOPE_VIDEO,
                    DASHSCOPE_IMAGE_TO_VIDEO,
                    DASHSCOPE_TRANSCRIPTION -> true;
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
