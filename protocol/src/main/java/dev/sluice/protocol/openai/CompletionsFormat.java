package dev.sluice.protocol.openai;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;

/** {@code POST /v1/completions}. */
final class CompletionsFormat extends ChoicesFormat {
    @Override
    public ChatRequest readRequest(byte[] body, Asked asked) {
        return CompletionsRequest.read(body);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return CompletionsRequest.write(request, dialect);
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        return ChatAnswerReader.read(body, from, to, inspect(body, from, to));
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return CompletionsWriter.write(answer, view);
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new SseDecoder(maxEventBytes, new ChatStreamReader(Mode.PIECES));
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new CompletionsWriter(view);
    }
}
