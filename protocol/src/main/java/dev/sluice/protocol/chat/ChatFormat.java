package dev.sluice.protocol.chat;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.json.Json;
import java.util.Map;

/**
 * A wire format of conversations, in both directions: as the format of a client (reads requests, writes answers) and as the
 * format of an upstream (writes requests, reads answers). Stateless; safe for all event loops.
 *
 * <p>What a format cannot express is refused with {@link InexpressibleException} where it changes the meaning of the call, and left
 * out where it is advice.
 */
public interface ChatFormat extends WireFormat {
    /** Longest event of a stream that is passed through; longer ones are cut off before they get here. */
    int LONGEST_EVENT = 16 << 20;

    @Override
    default Answer inspect(byte[] body, int from, int to) {
        return judged(readAnswer(body, from, to));
    }

    @Override
    default StreamTap tap() {
        return new DecoderTap(decoder(LONGEST_EVENT));
    }

    /**
     * A client's request.
     *
     * @param asked what path and headers say where the format keeps the model or the wish to stream outside of the body
     * @throws InexpressibleException if the body is no request of this format, or says something that only this format knows
     */
    ChatRequest readRequest(byte[] body, Asked asked);

    /**
     * The body for an upstream.
     *
     * @throws InexpressibleException if the request says something that this format cannot
     */
    byte[] writeRequest(ChatRequest request, Dialect dialect);

    /** What the URL for an upstream says of a request, in the form of a query; empty for nothing. */
    default String query(ChatRequest request) {
        return "";
    }

    /** A whole answer with a success status; an error told inside it, or bytes that are none of this format, are told apart. */
    AnswerRead readAnswer(byte[] body, int from, int to);

    /** The body of a whole answer for a client. */
    byte[] writeAnswer(ChatAnswer answer, ClientView view);

    /**
     * Reads one streamed answer of an upstream.
     *
     * @param maxEventBytes longest event; a longer one is {@link ChatEvent.Failed}
     */
    StreamDecoder decoder(int maxEventBytes);

    /** Writes one streamed answer for a client. */
    StreamEncoder encoder(ClientView view);

    /** A tap that reads along with a decoder. */
    static StreamTap tap(StreamDecoder decoder) {
        return new DecoderTap(decoder);
    }

    /** Whether an upstream of this format fetches images by URL itself; otherwise they are fetched before and sent within the request. */
    default boolean takesImageUrls() {
        return true;
    }

    /** What came out of {@link #readAnswer}. */
    sealed interface AnswerRead {
        record Read(ChatAnswer answer) implements AnswerRead {}

        record Failed(UpstreamError error) implements AnswerRead {}

        record Malformed(String why) implements AnswerRead {}
    }

    /**
     * What an answer for a client must know of its request.
     *
     * @param model the name that the client asked for, shown where the upstream gives none
     * @param usageInStream whether a stream shows usage where the format leaves that to the client
     * @param id of an answer whose upstream gives none, in no format's spelling (e.g. the id of the call)
     * @param nowSeconds Unix time, for answers whose upstream gives none
     * @param extensions those of the request, among which a format finds wishes about the form of its answer
     */
    record ClientView(String model, boolean usageInStream, String id, long nowSeconds, Map<String, Json> extensions) {
        public ClientView {
            extensions = Map.copyOf(extensions);
        }

        public ClientView(String model, boolean usageInStream, String id, long nowSeconds) {
            this(model, usageInStream, id, nowSeconds, Map.of());
        }
    }

    /** A sample of the text of an answer, for an estimate of its tokens. */
    static TextSample delivered(ChatAnswer answer) {
        return Delivered.of(answer);
    }

    /** The judgement of a whole answer, from its reading. */
    static Answer judged(AnswerRead read) {
        return switch (read) {
            case AnswerRead.Read(ChatAnswer answer) -> new Answer.Complete(answer.usage(), Delivered.of(answer));
            case AnswerRead.Failed(UpstreamError error) -> new Answer.Failed(error);
            case AnswerRead.Malformed(String why) -> new Answer.Malformed(why);
        };
    }
}
