package dev.sluice.protocol.whole;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import java.util.List;

/**
 * A wire format of calls that are answered with one document, in both directions: as the format of a client (reads requests,
 * writes answers) and as that of an upstream (writes requests, reads answers). Stateless; safe for all event loops.
 *
 * @param <Q> the request in no vendor's words
 * @param <A> the answer in no vendor's words
 */
public interface WholeFormat<Q, A extends WholeAnswer<Q>> extends WireFormat {
    /**
     * A client's request.
     *
     * @throws InexpressibleException if the body is no request of this format, or says something that only this format knows
     */
    Q readRequest(byte[] body, Asked asked);

    /**
     * The body for an upstream.
     *
     * @param model as the upstream calls it; empty where it is to choose
     * @throws InexpressibleException if the request says something that this format cannot
     */
    byte[] writeRequest(Q request, String model, Dialect dialect);

    /** The requests that together say the same, of which each has so many inputs at the most; by default there is no way. */
    default List<Q> split(Q request, int most) {
        return List.of(request);
    }

    /** What the answers to all parts of a request say together; they are in the order of the parts, at least one. */
    default A join(List<A> answers) {
        return answers.getFirst();
    }

    /** An answer with a success status. */
    WholeRead<A> readAnswer(byte[] body, int from, int to);

    /** The body of an answer for a client. */
    byte[] writeAnswer(A answer, Q request, View view);

    @Override
    default Answer inspect(byte[] body, int from, int to) {
        return switch (readAnswer(body, from, to)) {
            case WholeRead.Read<A> read -> new Answer.Complete(read.usage(), TextSample.EMPTY);
            case WholeRead.Failed<A> failed -> new Answer.Failed(failed.error());
            case WholeRead.Malformed<A> malformed -> new Answer.Malformed(malformed.why());
        };
    }

    @Override
    default StreamTap tap() {
        return new UnexpectedStream();
    }

    /**
     * What an answer shows that no upstream tells.
     *
     * @param model the name that the client asked for, shown where the upstream gives none
     * @param id of the call, where the upstream gives none
     * @param nowSeconds Unix time
     */
    record View(String model, String id, long nowSeconds) {}
}
