package dev.sluice.protocol.openai;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.image.ImageFormat;
import dev.sluice.protocol.job.BackgroundJob;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.job.ResultLine;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.rerank.RerankFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations of the OpenAI wire format. */
public final class OpenAi {
    private static final ChatFormat CHAT_COMPLETIONS = new ChatCompletionsFormat(Mode.PIECES);
    private static final ChatFormat REPEATING = new ChatCompletionsFormat(Mode.UNCERTAIN);
    private static final ChatFormat COMPLETIONS = new CompletionsFormat();
    private static final ChatFormat RESPONSES = new ResponsesFormat();
    private static final CountFormat INPUT_TOKENS = new InputTokensFormat();
    private static final EmbedFormat EMBEDDINGS = new EmbeddingsFormat();
    private static final ImageFormat IMAGES = new ImagesFormat();
    private static final RerankFormat RERANK = new RerankForm();
    private static final WireFormat PLAIN = new PlainFormat();

    private OpenAi() {}

    public static ChatFormat chatCompletions() {
        return CHAT_COMPLETIONS;
    }

    /** As {@link #chatCompletions}, of models whose chunks may repeat what came before. */
    public static ChatFormat repeatingChatCompletions() {
        return REPEATING;
    }

    public static ChatFormat completions() {
        return COMPLETIONS;
    }

    public static ChatFormat responses() {
        return RESPONSES;
    }

    /** {@code POST /v1/responses/input_tokens}; its request is one of {@link #responses} without what is for the answer only. */
    public static CountFormat inputTokens() {
        return INPUT_TOKENS;
    }

    public static EmbedFormat embeddings() {
        return EMBEDDINGS;
    }

    /** {@code POST /v1/images/generations}. */
    public static ImageFormat images() {
        return IMAGES;
    }

    /** {@code POST /v1/rerank}. */
    public static RerankFormat rerank() {
        return RERANK;
    }

    /** Changes of images, audio, moderations, videos, files and batches: read for model and usage only. */
    public static WireFormat plain() {
        return PLAIN;
    }

    /** The batches in an answer of {@code /v1/batches} or below that have ended and tell their usage. */
    public static List<JobUsage> endedBatches(byte[] body) {
        return Batches.ended(body);
    }

    /** The response in an answer of {@code /v1/responses} or below that is made in the background; null if there is none. */
    public static @Nullable BackgroundJob background(byte[] body) {
        return BackgroundResponses.inAnswer(body);
    }

    /** As {@link #background}, in an event of a stream. */
    public static @Nullable BackgroundJob backgroundInEvent(byte[] bytes, int from, int to) {
        return BackgroundResponses.inEvent(bytes, from, to);
    }

    /** Reads the lines of a batch's output file. */
    public static ResultLine.Reader batchResults() {
        return Batches::result;
    }

    /** How many characters a request to speak a text has, in code points; 0 if it is none. */
    public static long spokenCharacters(byte[] body) {
        JsonScanner scanner = new JsonScanner().reset(body, 0, body.length);
        long characters = 0;
        if (scanner.type() != JsonType.OBJECT || !scanner.enter()) return 0;
        while (scanner.nextMember()) {
            String text = scanner.name().equals("input") ? scanner.takeString() : null;
            if (text != null) characters = text.codePointCount(0, text.length());
        }
        return scanner.finish() ? characters : 0;
    }

    /** Whether a request to make a file says that the file is the input of a batch. */
    public static boolean isForBatch(byte[] body) {
        JsonScanner scanner = new JsonScanner().reset(body, 0, body.length);
        boolean found = false;
        if (scanner.type() != JsonType.OBJECT || !scanner.enter()) return false;
        while (scanner.nextMember()) {
            if (scanner.name().equals("purpose")) found |= "batch".equals(scanner.takeString());
        }
        return found;
    }

    /** The body of {@code GET /v1/models}. */
    public static byte[] modelList(List<String> ids) {
        JsonWriter json = new JsonWriter().raw("{\"object\":\"list\",\"data\":[");
        String separator = "";
        for (String id : ids) {
            json.raw(separator);
            model(json, id);
            separator = ",";
        }
        return json.raw("]}").toBytes();
    }

    /** The body of {@code GET /v1/models/ID}. */
    public static byte[] model(String id) {
        JsonWriter json = new JsonWriter();
        model(json, id);
        return json.toBytes();
    }

    private static void model(JsonWriter json, String id) {
        json.raw("{\"id\":").string(id).raw(",\"object\":\"model\",\"created\":0,\"owned_by\":\"sluice\"}");
    }

    /** Reads an error body of any OpenAI-like vendor leniently; never fails. */
    public static UpstreamError readError(byte[] body) {
        return ErrorReader.read(body, 0, body.length);
    }
}
