package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models that a batch of messages names, {@code requests[].params.model}.
 *
 * @param models in the order in which they stand there; each request has at least one
 * @param problem why the body cannot be read; null if it can
 */
public record MessageBatch(List<Model> models, @Nullable String problem) {
    /** How many requests Anthropic takes in one batch. */
    private static final int MOST = 100_000;

    /**
     * One model.
     *
     * @param name empty for a request that names none
     * @param from offset of its opening quote, -1 if there is none
     * @param to offset behind its closing quote
     * @param request index of the request that names it
     */
    public record Model(String name, int from, int to, int request) {}

    public MessageBatch {
        models = List.copyOf(models);
    }

    public static MessageBatch read(byte[] body) {
        Reader reader = new Reader(body);
        reader.members("requests", reader::requests);
        if (reader.request > MOST)
            return new MessageBatch(
                    List.of(), "\"requests\" has " + reader.request + " elements (expected: at most " + MOST + ")");
        return reader.scanner.finish()
                ? new MessageBatch(reader.models, null)
                : new MessageBatch(List.of(), "the request body is not valid JSON (" + reader.scanner.failure() + ")");
    }

    private static final class Reader {
        final JsonScanner scanner;
        final List<Model> models = new ArrayList<>();
        int request;

        Reader(byte[] body) {
            this.scanner = new JsonScanner().reset(body, 0, body.length);
        }

        /** Of the object at the cursor, if there is one: all members of a name, as a provider may believe any of them. */
        void members(String name, Runnable each) {
            if (scanner.type() != JsonType.OBJECT) return;
            scanner.enter();
            while (scanner.nextMember()) if (scanner.name().equals(name)) each.run();
        }

        void requests() {
            if (scanner.type() != JsonType.ARRAY) return;
            scanner.enter();
            for (; scanner.nextElement(); request++) {
                int before = models.size();
                members("params", this::params);
                if (models.size() == before && request < MOST) models.add(new Model("", -1, -1, request));
            }
        }

        private void params() {
            members("model", this::model);
        }

        private void model() {
            String name = scanner.takeString();
            if (name != null && request < MOST)
                models.add(new Model(name, scanner.valueFrom(), scanner.valueTo(), request));
        }
    }
}
