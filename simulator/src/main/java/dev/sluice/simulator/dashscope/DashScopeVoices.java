package dev.sluice.simulator.dashscope;

import dev.sluice.simulator.dashscope.Tasks.Product;
import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The operations of DashScope's own wire format and where they are found. */
public final class DashScopeVoices implements WireFormat {
    private final Tasks tasks = new Tasks();
    private final Voice text = new GenerationVoice(false);
    private final Voice multimodal = new MultimodalVoice();
    private final Voice embedding = new EmbeddingVoice();
    private final Voice rerank = new RerankVoice();
    private final Voice compatibleRerank = new CompatibleRerankVoice();
    private final Voice image = new TaskStartVoice(tasks, Product.IMAGES);
    private final Voice video = new TaskStartVoice(tasks, Product.VIDEO);
    private final Voice transcription = new TaskStartVoice(tasks, Product.TRANSCRIPTS);
    private final Voice task = new TaskVoice(tasks);
    private final Voice product = new ProductVoice();
    private final Voice application = new ApplicationVoice();

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (path.endsWith("/compatible-api/v1/reranks")) {
            return compatibleRerank;
        }
        if (path.contains(TaskVoice.MARK)) {
            return task;
        }
        if (path.contains(ProductVoice.MARK)) {
            return product;
        }
        if (path.contains(ApplicationVoice.MARK) && path.endsWith("/completion")) {
            return application;
        }
        int at = path.indexOf("/api/v1/services/");
        return at < 0
                ? null
                : switch (path.substring(at + "/api/v1/services/".length())) {
                    case "aigc/text-generation/generation" -> text;
                    case "aigc/multimodal-generation/generation" -> multimodal;
                    case "embeddings/text-embedding/text-embedding" -> embedding;
                    case "rerank/text-rerank/text-rerank" -> rerank;
                    case "aigc/text2image/image-synthesis", "aigc/image2image/image-synthesis" -> image;
                    case "aigc/video-generation/video-synthesis", "aigc/image2video/video-synthesis" -> video;
                    case "audio/asr/transcription" -> transcription;
                    default -> null;
                };
    }
}
