package dev.sluice.protocol.error;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.json.Json;
import java.util.List;

/** The failed attempts of a call as a JSON list, the same in every format's error. */
public final class AttemptList {
    private AttemptList() {}

    /** Empty if nothing was attempted. */
    public static List<Json> of(ClientError error) {
        return error.attempts().stream()
                .<Json>map(attempt -> Json.object()
                        .put("service", attempt.service())
                        .put("model", attempt.model())
                        .put("status", attempt.status())
                        .put("failure", attempt.failure())
                        .build())
                .toList();
    }
}
