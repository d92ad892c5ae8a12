package dev.sluice.simulator;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.fault.Stop.Before;
import dev.sluice.simulator.voice.Header;
import java.util.List;

/**
 * Everything that will happen in one answer, decided beforehand. Depends on nothing but the request and the fault, so it is
 * kept and played again for equal requests.
 *
 * @param headWaitNanos time to wait before the head
 * @param contentLength the length that the head promises; negative for a chunked answer
 * @param ending what comes after the last step
 * @param outcome what the call has come to after that
 * @param usage what is billed when the answer is delivered in full
 */
record Plan(
        Before before,
        long headWaitNanos,
        int status,
        List<Header> headers,
        long contentLength,
        List<Step> steps,
        End ending,
        Outcome outcome,
        Usage usage) {
    /** What comes after the last step. */
    enum End {
        /** HTTP says that the answer is complete. */
        COMPLETE,
        /** The connection is closed before HTTP said so. */
        CLOSE,
        /** The connection is reset before HTTP said so. */
        RESET,
        /** Nothing comes any more. */
        SILENCE
    }

    Plan {
        headers = List.copyOf(headers);
        steps = List.copyOf(steps);
    }

    boolean isOneWrite() {
        return steps.size() == 1 && steps.getFirst().waitNanos() == 0 && ending == End.COMPLETE && contentLength >= 0;
    }
}
