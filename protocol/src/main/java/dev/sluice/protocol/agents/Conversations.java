package dev.sluice.protocol.agents;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.FlatText;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import java.util.ArrayList;
import java.util.List;

/** What an agent, which keeps conversations itself, is told of one. */
final class Conversations {
    private Conversations() {}

    /** Refuses what an application decides itself, and media that it cannot be shown. */
    static void require(ChatRequest request, String vendor) {
        if (request.mayCall()) {
            throw new InexpressibleException(vendor + " uses its own tools and takes none of its caller", "tools");
        }
        if (request.outputFormat() != null) {
            throw new InexpressibleException(
                    vendor + " decides the form of its output and takes none from its caller", "response_format");
        }
        List<Message> told = request.messages();
        if (request.conversationId() != null && !told.isEmpty()) told = List.of(told.getLast());
        for (int index = 0; index < told.size(); index++) {
            List<Part> parts = told.get(index).parts();
            FlatText.require(index == told.size() - 1 ? withoutImages(parts, vendor) : parts, vendor);
        }
    }

    private static List<Part> withoutImages(List<Part> parts, String vendor) {
        List<Part> others = new ArrayList<>();
        for (Part part : parts) {
            if (!(part instanceof Part.Image image)) {
                others.add(part);
            } else if (!(image.media() instanceof Media.Url)) {
                throw new InexpressibleException(vendor + " takes images by URL only", "messages");
            }
        }
        return others;
    }

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
