package dev.sluice.simulator;

import dev.sluice.simulator.anthropic.AnthropicVoices;
import dev.sluice.simulator.bedrock.BedrockVoices;
import dev.sluice.simulator.cohere.CohereVoices;
import dev.sluice.simulator.coze.CozeVoices;
import dev.sluice.simulator.dashscope.DashScopeVoices;
import dev.sluice.simulator.dify.DifyVoices;
import dev.sluice.simulator.entra.EntraVoices;
import dev.sluice.simulator.gemini.GeminiVoices;
import dev.sluice.simulator.hunyuan.HunyuanVoices;
import dev.sluice.simulator.openai.OpenAiVoices;
import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import dev.sluice.simulator.voyage.VoyageVoices;
import java.util.List;

/** All wire formats, told apart by path. The OpenAI format comes last: it is content with the shortest ends of paths. */
final class WireFormats {
    private final List<WireFormat> formats;
    private final OpenAiVoices openAi;

    /** @param models the ids that the lists of models name */
    WireFormats(List<String> models) {
        openAi = new OpenAiVoices(models);
        formats = List.of(
                new AnthropicVoices(models),
                new EntraVoices(),
                new GeminiVoices(models),
                new BedrockVoices(),
                new DashScopeVoices(),
                new CohereVoices(),
                new HunyuanVoices(),
                new DifyVoices(),
                new CozeVoices(),
                new VoyageVoices(),
                openAi);
    }

    /** The voice that answers a request, which is one that knows nothing when no format has such a path. */
    Voice at(String method, String path, Cues cues) {
        for (WireFormat format : formats) {
            Voice voice = format.at(method, path, cues);
            if (voice != null) {
                return voice;
            }
        }
        return openAi.nowhere();
    }
}
