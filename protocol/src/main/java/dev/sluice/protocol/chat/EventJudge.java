package dev.sluice.protocol.chat;

import dev.sluice.protocol.EventKind;

/** What an event means for the gateway: whether it commits the answer. */
public final class EventJudge {
    private EventJudge() {}

    public static EventKind kind(ChatEvent event) {
        return switch (event) {
            case ChatEvent.Started _,
                    ChatEvent.Ping _,
                    ChatEvent.Conversation _,
                    ChatEvent.Noted _,
                    ChatEvent.ThinkingSignature _ -> EventKind.LIFECYCLE;
            case ChatEvent.TextDelta(String text) -> text.isEmpty() ? EventKind.LIFECYCLE : EventKind.CONTENT;
            case ChatEvent.ThinkingDelta(String text) -> text.isEmpty() ? EventKind.LIFECYCLE : EventKind.CONTENT;
            case ChatEvent.RefusalDelta(String text) -> text.isEmpty() ? EventKind.LIFECYCLE : EventKind.CONTENT;
            case ChatEvent.RedactedThinking _,
                    ChatEvent.MediaPart _,
                    ChatEvent.ToolCallStarted _,
                    ChatEvent.ToolCallDelta _,
                    ChatEvent.Finished _ -> EventKind.CONTENT;
            case ChatEvent.UsageReport _ -> EventKind.USAGE_ONLY;
            case ChatEvent.Failed _ -> EventKind.ERROR;
            case ChatEvent.Ended _ -> EventKind.END;
        };
    }
}
