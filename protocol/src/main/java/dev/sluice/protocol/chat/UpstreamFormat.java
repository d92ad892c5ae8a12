package dev.sluice.protocol.chat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;

/** A format that upstreams speak and no client does: only the half of {@link ChatFormat} that faces an upstream is its own. */
public interface UpstreamFormat extends ChatFormat {
    @Override
    default Peek peek(byte[] body, Asked asked) {
        return new Peek.Malformed("no client speaks this format", null);
    }

    @Override
    default byte[] errorBody(ClientError error) {
        throw upstreamOnly();
    }

    @Override
    default byte[] errorEvent(ClientError error) {
        throw upstreamOnly();
    }

    @Override
    default ChatRequest readRequest(byte[] body, Asked asked) {
        throw upstreamOnly();
    }

    @Override
    default byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        throw upstreamOnly();
    }

    @Override
    default StreamEncoder encoder(ClientView view) {
        throw upstreamOnly();
    }

    private static InexpressibleException upstreamOnly() {
        return new InexpressibleException("no client speaks this format", null);
    }
}
