package dev.sluice.simulator.coze;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Shelf;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The operations on chats and the paths at which they are found. */
public final class CozeVoices implements WireFormat {
    private static final String CHAT = "/v3/chat";

    private final Shelf shelf = new Shelf();
    private final Voice chat = new ChatVoice(shelf);
    private final Voice retrieval = new KeptChatVoice(shelf, KeptChatVoice.Wish.RETRIEVE);
    private final Voice messages = new KeptChatVoice(shelf, KeptChatVoice.Wish.MESSAGES);
    private final Voice cancelling = new KeptChatVoice(shelf, KeptChatVoice.Wish.CANCEL);

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        int at = path.lastIndexOf(CHAT);
        if (at < 0) {
            return null;
        }
        return switch (path.substring(at + CHAT.length())) {
            case "" -> chat;
            case "/retrieve" -> retrieval;
            case "/message/list" -> messages;
            case "/cancel" -> cancelling;
            default -> null;
        };
    }
}
