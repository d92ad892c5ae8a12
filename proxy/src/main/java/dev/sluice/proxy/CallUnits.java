package dev.sluice.proxy;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.openai.OpenAi;
import io.vertx.core.http.HttpMethod;

/** What a call consumed that is not counted in tokens. */
final class CallUnits {
    private CallUnits() {}

    /**
     * What the answer told, of what the operation is billed by. Characters that were spoken stand in the request; they count once sound
     * went out.
     */
    static Units of(Exchange x) {
        if (x.route == null) return Units.NONE;
        Units told = x.units;
        return switch (x.operation()) {
            case IMAGE_GENERATIONS, IMAGE_EDITS, IMAGE_VARIATIONS -> new Units(told.images(), 0, 0, 0);
            case TRANSCRIPTIONS, TRANSLATIONS -> new Units(0, told.audioMillis(), 0, 0);
            case SPEECH -> x.committed ? new Units(0, 0, OpenAi.spokenCharacters(x.body), 0) : Units.NONE;
            // Who asks after a video is told its length once more.
            case VIDEOS ->
                x.request.method().equals(HttpMethod.POST) ? new Units(0, 0, 0, told.videoMillis()) : Units.NONE;
            default -> Units.NONE;
        };
    }
}
