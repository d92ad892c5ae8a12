package dev.sluice.protocol.chat;

import java.util.List;

/** The text of parts for formats that have only text. */
public final class FlatText {
    private FlatText() {}

    /** All texts, one per line; what is no text is left out. */
    public static String of(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            String said = switch (part) {
                case Part.Text spoken -> spoken.text();
                case Part.Refusal refusal -> refusal.text();
                case Part.ToolResult result -> of(result.inWords());
                case Part.Document(Part.Media.PlainText(String plain), String _, var _) -> plain;
                case Part.Image _,
                        Part.Audio _,
                        Part.Video _,
                        Part.Document _,
                        Part.ToolCall _,
                        Part.Thinking _,
                        Part.RedactedThinking _ -> "";
            };
            if (said.isEmpty()) continue;
            if (!text.isEmpty()) text.append('\n');
            text.append(said);
        }
        return text.toString();
    }

    /** Refuses parts that are neither text nor a call or a result of a tool. */
    public static void require(List<Part> parts, String vendor) {
        for (Part part : parts) {
            boolean media = switch (part) {
                case Part.Image _, Part.Audio _, Part.Video _ -> true;
                case Part.Document document -> !(document.media() instanceof Part.Media.PlainText);
                case Part.Text _,
                        Part.Refusal _,
                        Part.ToolCall _,
                        Part.ToolResult _,
                        Part.Thinking _,
                        Part.RedactedThinking _ -> false;
            };
            if (media) throw new InexpressibleException(vendor + " takes text only here", "messages");
        }
    }
}
