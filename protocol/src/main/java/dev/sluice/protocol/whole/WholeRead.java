package dev.sluice.protocol.whole;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.error.ErrorReader;
import org.jspecify.annotations.Nullable;

/**
 * What the reading of an upstream's answer came to.
 *
 * @param <A> the answer
 */
public sealed interface WholeRead<A> {
    record Read<A extends WholeAnswer<?>>(A answer) implements WholeRead<A> {
        public @Nullable Usage usage() {
            return answer.usage();
        }
    }

    /** An error told inside a success status. */
    record Failed<A>(UpstreamError error) implements WholeRead<A> {}

    /** Bytes that are no answer of the format. */
    record Malformed<A>(String why) implements WholeRead<A> {}

    /** The error that the bytes tell, or that they are no answer. */
    static <A> WholeRead<A> none(byte[] body, int from, int to, String why) {
        UpstreamError told = ErrorReader.find(body, from, to);
        return told == null || told.message().isEmpty() ? new Malformed<>(why) : new Failed<>(told);
    }
}
