package dev.sluice.protocol.openai;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;

/** {@code POST /v1/chat/completions}. */
final class ChatCompletionsFormat extends ChoicesFormat {
    /** What the deltas of upstreams hold. */
    private final Mode mode;

    ChatCompletionsFormat(Mode mode) {
        this.mode = mode;
    }

    @Override
    public ChatRequest readRequest(byte[] body, Asked asked) {
        return ChatRequestReader.read(body);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return ChatRequestWriter.write(request, dialect);
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        return ChatAnswerReader.read(body, from, to, inspect(body, from, to));
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return ChatAnswerWriter.write(answer, view);
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new SseDecoder(maxEventBytes, new ChatStreamReader(mode));
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new ChatStreamWriter(view);
    }
}
