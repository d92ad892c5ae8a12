package dev.sluice.protocol.count;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.json.Json;
import java.util.function.UnaryOperator;

/**
 * A request whose tokens are counted.
 *
 * @param format of the conversation
 * @param body the conversation as the client sent it
 * @param asked what path and headers say
 * @param asItIs whether the body may go on as it is to a vendor of the same format
 * @param opened what becomes of a conversation on its way into another format
 */
public record CountRequest(
        ChatFormat format, byte[] body, Asked asked, boolean asItIs, UnaryOperator<ChatRequest> opened) {
    public CountRequest(ChatFormat format, byte[] body, Asked asked) {
        this(format, body, asked, true, UnaryOperator.identity());
    }

    /** The same request on its way to a vendor. */
    public CountRequest on(boolean mayGoOnAsItIs, UnaryOperator<ChatRequest> opening) {
        return new CountRequest(format, body, asked, mayGoOnAsItIs, opening);
    }

    /** Whether the body goes on as the client sent it. */
    public boolean goesOnIn(ChatFormat other) {
        return asItIs && other.equals(format);
    }

    /**
     * The conversation in a format.
     *
     * @throws dev.sluice.protocol.chat.InexpressibleException if it cannot be read, or not be said in that format
     */
    public Json in(ChatFormat other, String model, Dialect dialect) {
        if (goesOnIn(other)) return Fields.body(body);
        ChatRequest request = opened.apply(format.readRequest(body, asked)).forModel(model);
        return Fields.body(other.writeRequest(request, dialect));
    }
}
