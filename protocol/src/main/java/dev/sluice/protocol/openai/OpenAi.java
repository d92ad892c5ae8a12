package dev.sluice.protocol.openai;

import dev.sluice.protocol.WireFormat;
import java.util.List;

/** The operations of the OpenAI wire format. */
public final class OpenAi {
    private OpenAi() {}

    public static WireFormat chatCompletions() {
        throw new IllegalStateException("being written");
    }

    public static WireFormat completions() {
        throw new IllegalStateException("being written");
    }

    public static WireFormat responses() {
        throw new IllegalStateException("being written");
    }

    public static WireFormat embeddings() {
        throw new IllegalStateException("being written");
    }

    /** The body of {@code GET /v1/models}. */
    public static byte[] modelList(List<String> ids) {
        throw new IllegalStateException("being written " + ids.size());
    }

    /** Reads an error body of any OpenAI-like vendor leniently; never fails. */
    public static dev.sluice.protocol.UpstreamError readError(byte[] body) {
        throw new IllegalStateException("being written " + body.length);
    }
}
