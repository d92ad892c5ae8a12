package dev.sluice.simulator.dify;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The kinds of applications and the paths at which they are found. */
public final class DifyVoices implements WireFormat {
    private static final String AGENT = "agent";
    private static final String FLOW = "flow";

    private final Voice chat = new MessageVoice(MessageVoice.Kind.CHAT);
    private final Voice flow = new MessageVoice(MessageVoice.Kind.FLOW);
    private final Voice agent = new MessageVoice(MessageVoice.Kind.AGENT);
    private final Voice completion = new MessageVoice(MessageVoice.Kind.COMPLETION);
    private final Voice workflow = new WorkflowVoice();
    private final Voice stop = new StopVoice();

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (path.endsWith("/chat-messages")) {
            String key = cues.header("authorization");
            return key == null ? chat : key.contains(AGENT) ? agent : key.contains(FLOW) ? flow : chat;
        }
        if (path.endsWith("/completion-messages")) {
            return completion;
        }
        boolean stops = path.endsWith(StopVoice.END)
                && (path.contains("/chat-messages/")
                        || path.contains("/completion-messages/")
                        || path.contains("/workflows/tasks/"));
        if (stops) {
            return stop;
        }
        return path.contains("/workflows/") && path.endsWith("/run") ? workflow : null;
    }
}
