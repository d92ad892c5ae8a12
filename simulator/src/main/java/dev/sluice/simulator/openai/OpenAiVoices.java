package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Shelf;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the OpenAI wire format and the paths at which they are found. Only the end of a path counts, so that every base path
 * of an OpenAI-compatible vendor ({@code /v1}, {@code /compatible-mode/v1}, {@code /api/v3}, ...) works.
 */
public final class OpenAiVoices implements WireFormat {
    private final Voice completions = new CompletionsVoice();
    private final Voice chat = new ChatVoice();
    private final Shelf shelf = new Shelf();
    private final Voice responses = new ResponsesVoice(shelf);
    private final Voice inputTokens = new InputTokensVoice();
    private final Voice embeddings = new EmbeddingsVoice();
    private final Voice models;
    private final JsonVoice images = MediaVoices::images;
    private final JsonVoice speech = MediaVoices::speech;
    private final JsonVoice transcription = MediaVoices::transcription;
    private final JsonVoice moderations = MediaVoices::moderations;
    private final JsonVoice rerank = MediaVoices::rerank;
    private final List<PlaceVoice> places = Arrays.stream(PlaceVoice.Kind.values())
            .map(kind -> new PlaceVoice(shelf, kind))
            .toList();
    private final List<KeptVoice> kept = List.of(
            new KeptVoice(shelf, "/responses", "response", "resp_"),
            new KeptVoice(shelf, "/files", "file", "file-"),
            new KeptVoice(shelf, "/batches", "batch", "batch_"),
            new KeptVoice(shelf, "/videos", "video", "video_"));
    private final ArkTaskVoice arkTasks = new ArkTaskVoice(shelf);
    private final Voice nowhere = new NowhereVoice();

    /** @param models the ids that the list of models names */
    public OpenAiVoices(List<String> models) {
        this.models = new ModelsVoice(models);
    }

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (path.endsWith("/chat/completions")) {
            return chat;
        }
        if (path.endsWith("/responses")) {
            return responses;
        }
        if (path.endsWith("/responses/input_tokens")) {
            return inputTokens;
        }
        if (path.endsWith("/completions")) {
            return completions;
        }
        if (path.endsWith("/embeddings")) {
            return embeddings;
        }
        if (path.contains("/images/")) {
            return images;
        }
        if (path.endsWith("/audio/speech")) {
            return speech;
        }
        if (path.endsWith("/audio/transcriptions") || path.endsWith("/audio/translations")) {
            return transcription;
        }
        if (path.endsWith("/moderations")) {
            return moderations;
        }
        if (path.endsWith("/rerank")) {
            return rerank;
        }
        if (arkTasks.serves(path)) {
            return arkTasks;
        }
        for (PlaceVoice voice : places) {
            if (voice.serves(path)) {
                return voice;
            }
        }
        for (KeptVoice voice : kept) {
            if (voice.serves(path)) {
                return voice;
            }
        }
        return path.endsWith("/models") || path.contains("/models/") ? models : null;
    }

    /** Answers every path that no format serves. */
    public Voice nowhere() {
        return nowhere;
    }
}
