package dev.sluice.traffic.usage;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;

/**
 * What one call, one turn of a session or one job of a provider consumed and to whom it counts. Texts are empty, never null, where a dimension does not apply.
 *
 * @param id unique over all nodes; the request id of the call, of a turn that and its number, of a job a hash of what names it
 * @param startedAtMillis epoch time of the request
 * @param model the model sent upstream by the attempt that answered; the client's model if none answered
 * @param askedModel the client's model
 * @param units what is counted in place of tokens, or beside them
 * @param costMicros millionths of the currency
 * @param currency ISO code, empty when no price is known
 * @param status HTTP status that the client got; 499 when it left first
 * @param failure label of the failure that ended the call, empty for success
 * @param firstContentMillis from the request to the first content that went out, -1 if none did
 * @param streamed whether the answer was a stream
 */
public record UsageRecord(
        String id,
        long startedAtMillis,
        String tenant,
        String modelApi,
        String operation,
        String service,
        String provider,
        String providerKey,
        String askedModel,
        String model,
        String apiKey,
        String apiKeyId,
        String consumer,
        Usage usage,
        Units units,
        Provenance provenance,
        long costMicros,
        String currency,
        Outcome outcome,
        int status,
        String failure,
        int attempts,
        long firstContentMillis,
        long durationMillis,
        boolean streamed,
        long requestBytes,
        long responseBytes,
        String remoteIp) {
    /** What the ids of the records of jobs begin with. */
    static final String JOB = "job_";

    private static final String TURN = "turn_";

    /** The id of the record of a turn of a session, the first of which is 1. */
    public static String turnId(String requestId, int number) {
        return TURN + number + "_" + requestId;
    }

    /** Whether this counts as a call, and not as a part of one or as work behind one. */
    public boolean isCall() {
        return !isJob() && !id.startsWith(TURN);
    }

    /**
     * Whether this is no call but a batch or a task that a provider worked on behind the call that began it. Its record is written whenever it is
     * told of, and counts once by its id.
     */
    public boolean isJob() {
        return id.startsWith(JOB);
    }
}
