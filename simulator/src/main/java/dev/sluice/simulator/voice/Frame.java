package dev.sluice.simulator.voice;

import dev.sluice.protocol.Usage;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of an answer that is written at once: an event of a stream, or a whole body. The bytes are shared by all
 * calls that get the same answer and are never changed.
 *
 * @param tokens output tokens that the frame delivers
 * @param reported the usage told in the frame; null when it tells none
 */
public record Frame(
        Kind kind, Buffer bytes, int tokens, @Nullable Usage reported) {
    /** What a frame is for. */
    public enum Kind {
        /** Comes before any content, e.g. the chunk that only names the role. */
        OPENING,
        /** Delivers text, arguments of a tool call, a vector, or a whole body. */
        CONTENT,
        /** Comes after the content, e.g. the reason of the end. */
        CLOSING,
        /** Says that the stream is complete. */
        TERMINATOR,
        /** An error in place of content, in an answer whose status is a success. */
        ERROR
    }

    public static Frame opening(String text) {
        return new Frame(Kind.OPENING, Buffer.buffer(text), 0, null);
    }

    public static Frame content(String text, int tokens) {
        return new Frame(Kind.CONTENT, Buffer.buffer(text), tokens, null);
    }

    public static Frame closing(String text) {
        return new Frame(Kind.CLOSING, Buffer.buffer(text), 0, null);
    }

    public static Frame terminator(String text) {
        return new Frame(Kind.TERMINATOR, Buffer.buffer(text), 0, null);
    }

    public Frame reporting(@Nullable Usage usage) {
        return new Frame(kind, bytes, tokens, usage);
    }

    /** Bytes without the last closing brace in them. */
    public static Buffer withoutLastBrace(Buffer bytes) {
        for (int at = bytes.length() - 1; at >= 0; at--) {
            if (bytes.getByte(at) == '}') {
                return bytes.getBuffer(0, at).appendBuffer(bytes.slice(at + 1, bytes.length()));
            }
        }
        return bytes;
    }
}
