package dev.sluice.protocol.chat;

import dev.sluice.protocol.Usage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns the bytes of one streamed answer into events, however they are cut into chunks. Used by one event loop only. */
public interface StreamDecoder {
    /** Takes the next chunk and hands on every event that it completes. The bytes are only read during the call. */
    void feed(byte[] bytes, int from, int to, Consumer<ChatEvent> sink);

    /** The upstream closed the stream: hands on what was held back. If the stream was cut off, {@link ChatEvent.Ended} does not come. */
    void end(Consumer<ChatEvent> sink);

    /**
     * How the upstream is told that nobody waits for this answer any more; null where it does nothing for it, or where it sees that by its
     * connection.
     *
     * @param user as the request named him; null if it did not
     */
    default @Nullable Stop stop(@Nullable String user) {
        return null;
    }

    /**
     * The newest usage that the upstream has told, be it of the beginning only: {@link ChatEvent.UsageReport} comes behind the content, and
     * of a stream that is cut off not at all.
     */
    @Nullable
    Usage told();

    /**
     * A request that ends what an upstream works on.
     *
     * @param path below the base address
     */
    record Stop(String path, byte[] body) {}
}
