package dev.sluice.protocol.agents;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.FlatText;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import java.util.ArrayList;
import java.util.List;

/** What an agent, which keeps conversations itself, is told of one. */
final class Conversations {
    private Conversations() {}

    /** Of a conversation that goes on the last words of the user; else all of it, each turn behind its role. */
    static String query(ChatRequest request) {
        List<Message> messages = request.messages();
        if (messages.isEmpty()) return "";
        boolean alone = messages.size() == 1 && messages.getFirst().role() == Role.USER;
        if (alone || request.conversationId() != null) return lastUserText(messages);
        StringBuilder all = new StringBuilder();
        for (Message message : messages) {
            String text = FlatText.of(message.parts());
            if (text.isEmpty()) continue;
            if (!all.isEmpty()) all.append('\n');
            all.append(message.role()).append(": ").append(text);
        }
        return all.toString();
    }

    static String lastUserText(List<Message> messages) {
        for (Message message : messages.reversed()) {
            if (message.role() == Role.USER) return FlatText.of(message.parts());
        }
        return "";
    }

    /** The addresses of the images in the last message. */
    static List<String> images(ChatRequest request) {
        List<String> urls = new ArrayList<>();
        if (request.messages().isEmpty()) return urls;
        for (Part part : request.messages().getLast().parts()) {
            if (part instanceof Part.Image(Media.Url(String url, String _), String _, var _)) urls.add(url);
        }
        return urls;
    }
}
