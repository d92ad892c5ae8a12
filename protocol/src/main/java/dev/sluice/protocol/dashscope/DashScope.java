package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.image.ImageFormat;
import dev.sluice.protocol.image.TaskState;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.rerank.RerankFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations of the DashScope wire format. */
public final class DashScope {
    private static final ChatFormat GENERATION = new GenerationFormat(Mode.PIECES);
    private static final ChatFormat REPEATING = new GenerationFormat(Mode.UNCERTAIN);

    private static final EmbedFormat EMBEDDING = new EmbeddingFormat();

    private static final RerankFormat RERANK = new TextRerankFormat();

    private static final ImageFormat TASKS = new ImageSynthesisFormat(false);
    private static final ImageFormat IMAGES_AT_ONCE = new ImageSynthesisFormat(true);

    private DashScope() {}

    /** {@code POST …/image-synthesis} and {@code …/video-synthesis}, which begin tasks, and {@code GET /api/v1/tasks/ID}. */
    public static ImageFormat tasks() {
        return TASKS;
    }

    /** {@code POST …/multimodal-generation/generation} of the models that draw and answer with what they drew. */
    public static ImageFormat imagesAtOnce() {
        return IMAGES_AT_ONCE;
    }

    /** Whether a model draws while the caller waits; the others begin a task. */
    public static boolean drawsAtOnce(String model) {
        return model.startsWith("qwen-image") || model.startsWith("z-image");
    }

    /** What an answer of a model that draws, or of the query of its task, tells. */
    public static TaskState taskState(byte[] body) {
        return ImageTasks.state(body);
    }

    /** The task that an answer says has begun; null if it says none. */
    public static @Nullable String begunTask(byte[] body) {
        return TaskUsage.begun(body);
    }

    /** The task of an answer, if it has succeeded and tells what it consumed. */
    public static List<JobUsage> endedTask(byte[] body) {
        return TaskUsage.ended(body);
    }

    /** {@code POST …/rerank/text-rerank/text-rerank}. */
    public static RerankFormat rerank() {
        return RERANK;
    }

    /** {@code POST …/text-generation/generation} and {@code …/multimodal-generation/generation}. */
    public static ChatFormat generation() {
        return GENERATION;
    }

    /** As {@link #generation}, of models whose streams may repeat what came before although they are asked for pieces. */
    public static ChatFormat repeatingGeneration() {
        return REPEATING;
    }

    /** Whether a request goes to the path for several media; its model or its messages tell. */
    public static boolean isMultimodal(ChatRequest request) {
        return Parts.isMultimodal(request);
    }

    /** {@code POST …/text-embedding/text-embedding} and {@code …/multimodal-embedding/multimodal-embedding}. */
    public static EmbedFormat embedding() {
        return EMBEDDING;
    }

    /** Whether a request for embeddings goes to the path for several media. */
    public static boolean isMultimodal(EmbedRequest request, String model) {
        return EmbeddingRequest.isMultimodal(request, model);
    }
}
