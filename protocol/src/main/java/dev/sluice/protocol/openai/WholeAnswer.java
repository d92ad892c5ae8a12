package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;

/** What the answers of all operations have in common: an object behind keep-alive lines, perhaps an error in disguise. */
final class WholeAnswer {
    /** Reads the object at the cursor and judges it, on the understanding that it is valid JSON. */
    @FunctionalInterface
    interface Reader {
        Answer read(JsonScanner scanner);
    }

    private WholeAnswer() {}

    static Answer inspect(byte[] body, int from, int to, Reader reader) {
        int begin = start(body, from, to);
        if (begin == to) return new Answer.Malformed("the answer is empty");
        JsonScanner scanner = new JsonScanner().reset(body, begin, to);
        JsonType type = scanner.type();
        if (type != JsonType.OBJECT) return other(body, begin, to, scanner);
        Answer answer = reader.read(scanner);
        if (!scanner.finish()) return invalid(scanner);
        return switch (answer) {
            case Answer.Complete complete -> complete;
            case Answer.Failed _ -> new Answer.Failed(ErrorReader.explain(body, begin, to));
            case Answer.Malformed malformed -> toldError(body, begin, to, malformed);
        };
    }

    private static Answer other(byte[] body, int from, int to, JsonScanner scanner) {
        if (!scanner.finish()) return invalid(scanner);
        Answer.Malformed malformed = new Answer.Malformed("the answer is not a JSON object");
        return body[from] == '[' ? toldError(body, from, to, malformed) : malformed;
    }

    private static Answer invalid(JsonScanner scanner) {
        return new Answer.Malformed("the answer is not valid JSON (" + scanner.failure() + ")");
    }

    /** An object that is no answer may be an error that does not say so otherwise. */
    private static Answer toldError(byte[] body, int from, int to, Answer.Malformed otherwise) {
        UpstreamError told = ErrorReader.find(body, from, to);
        return told == null || told.message().isEmpty() ? otherwise : new Answer.Failed(told);
    }

    /** Vendors under load send blank lines and comments before the body to keep the connection. */
    static int start(byte[] body, int from, int to) {
        int p = JsonScanner.afterMark(body, from, to);
        while (p < to) {
            if (body[p] == ':') {
                while (p < to && body[p] != '\n') p++;
            } else if (body[p] <= ' ' && body[p] > 0) {
                p++;
            } else {
                break;
            }
        }
        return p;
    }
}
