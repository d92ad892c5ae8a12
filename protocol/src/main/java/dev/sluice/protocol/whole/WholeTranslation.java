package dev.sluice.protocol.whole;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.whole.WholeFormat.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way from a client's format into an upstream's and back.
 *
 * @param <Q> the request in no vendor's words
 * @param <A> the answer in no vendor's words
 */
public final class WholeTranslation<Q, A extends WholeAnswer<Q>> {
    private final WholeFormat<Q, A> client;
    private final WholeFormat<Q, A> upstream;
    private final Q request;
    private final List<Q> parts;

    private WholeTranslation(WholeFormat<Q, A> client, WholeFormat<Q, A> upstream, Q request, List<Q> parts) {
        this.client = client;
        this.upstream = upstream;
        this.request = request;
        this.parts = parts;
    }

    /** @throws InexpressibleException if the body is no request of the client's format, or cannot leave it */
    public static <Q, A extends WholeAnswer<Q>> WholeTranslation<Q, A> of(
            WholeFormat<Q, A> client, WholeFormat<Q, A> upstream, byte[] body, Asked asked) {
        Q request = client.readRequest(body, asked);
        return new WholeTranslation<>(client, upstream, request, List.of(request));
    }

    /** The same call in several requests, for an upstream that takes so many inputs at the most in one. */
    public WholeTranslation<Q, A> split(int most) {
        return new WholeTranslation<>(client, upstream, request, List.copyOf(upstream.split(request, most)));
    }

    /** The request in no vendor's words. */
    public Q request() {
        return request;
    }

    /** The requests that the upstream gets: at least one, in the order of their inputs. */
    public List<Q> parts() {
        return parts;
    }

    /**
     * What the upstream is sent.
     *
     * @param part one of {@link #parts}
     * @param model as the upstream calls it; empty where it is to choose
     * @throws InexpressibleException if the request says something that the upstream's format cannot
     */
    public byte[] written(Q part, String model, Dialect dialect) {
        return upstream.writeRequest(part, model, dialect);
    }

    /**
     * What becomes of the upstream's answers.
     *
     * @param bodies one for each of {@link #parts}
     */
    public Back back(List<byte[]> bodies, View view) {
        return switch (read(bodies)) {
            case WholeRead.Read<A> read -> new Back.Written(written(read.answer(), view), read.usage());
            case WholeRead.Failed<A> failed -> new Back.Failed(failed.error());
            case WholeRead.Malformed<A> malformed -> new Back.Malformed(malformed.why());
        };
    }

    /** The upstream's answer, which is one to the request; of several the first that is none decides. */
    public WholeRead<A> read(List<byte[]> bodies) {
        List<A> answers = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            byte[] body = bodies.get(i);
            WholeRead<A> read = upstream.readAnswer(body, 0, body.length);
            if (!(read instanceof WholeRead.Read<A> found)) return read;
            String flaw = found.answer().flaw(parts.get(i));
            if (flaw != null) return new WholeRead.Malformed<>(flaw);
            answers.add(found.answer());
        }
        return new WholeRead.Read<>(upstream.join(answers));
    }

    /** An answer as the client gets it. */
    public byte[] written(A answer, View view) {
        return client.writeAnswer(answer, request, view);
    }

    /** An answer for the client, or why there is none. */
    public sealed interface Back {
        /** @param usage what the upstream reported; null if it did not */
        record Written(byte[] json, @Nullable Usage usage) implements Back {}

        record Failed(UpstreamError error) implements Back {}

        record Malformed(String why) implements Back {}
    }
}
