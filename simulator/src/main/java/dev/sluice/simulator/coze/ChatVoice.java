package dev.sluice.simulator.coze;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Conversation;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Shelf;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v3/chat}. A stream brings the answer; without one the chat has only begun, and {@link KeptChatVoice} tells what came of it.
 */
final class ChatVoice implements CozeVoice {
    private static final int MOST_MESSAGES = 100;
    /** Said when there is no more to come of an answer. */
    private static final String ALL_SAID = new JsonObject()
            .put("msg_type", "generate_answer_finish")
            .put("data", "")
            .encode();

    private final Shelf shelf;

    ChatVoice(Shelf shelf) {
        this.shelf = shelf;
    }

    /** The bot is what answers in place of a model. */
    @Override
    public String model(Heard heard) {
        return heard.member("bot_id");
    }

    @Override
    public List<String> cues() {
        return List.of(OWNER, CONVERSATION);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("bot_id");
        body.needed("user_id");
        Chat chat = Chat.of(heard);
        Conversation conversation = conversation(body);
        Reply reply = Reply.to(conversation.prompt(), wishes, heard, 0);
        Usage usage = Wire.tellable(Reply.usage(conversation.tokens(), List.of(reply), wishes));
        Usage told = wishes.tellsUsage() ? usage : null;
        List<JsonObject> messages =
                List.of(chat.message("answer", reply.joinedText()), chat.message("verbose", ALL_SAID));
        JsonObject completed = chat.json("completed");
        if (told != null) {
            completed.put("usage", Wire.usage(told));
        }
        shelf.put(heard.cue(OWNER), KeptChatVoice.KIND, KeptChatVoice.begun(completed, messages));
        return body.flag("stream", false)
                ? Script.events(frames(chat, reply, messages, completed, told), usage)
                : Script.whole(Wire.enveloped(chat.json("in_progress")), usage, false);
    }

    private static List<Frame> frames(
            Chat chat, Reply reply, List<JsonObject> messages, JsonObject completed, @Nullable Usage told) {
        List<Frame> frames = new ArrayList<>();
        for (String status : List.of("created", "in_progress")) {
            frames.add(Frame.opening(Wire.event("conversation.chat." + status, chat.json(status))));
        }
        for (Reply.Piece piece : reply.text()) {
            JsonObject delta = chat.message("answer", piece.text());
            frames.add(Frame.content(Wire.event("conversation.message.delta", delta), piece.tokens()));
        }
        for (JsonObject message : messages) {
            frames.add(Frame.closing(Wire.event("conversation.message.completed", message)));
        }
        frames.add(Frame.closing(Wire.event("conversation.chat.completed", completed))
                .reporting(told));
        frames.add(Frame.terminator(Wire.DONE));
        return frames;
    }

    private static Conversation conversation(Fields body) throws Rejection {
        Conversation conversation = new Conversation();
        List<Fields> messages = body.objects("additional_messages");
        if (messages.isEmpty()) {
            throw body.missing("additional_messages");
        }
        body.atMost(MOST_MESSAGES, messages.size(), "additional_messages");
        for (Fields message : messages) {
            String text = said(message);
            switch (message.needed("role")) {
                case "user" -> conversation.user(text);
                case "assistant" -> conversation.assistant(text);
                case String other -> throw message.wrong("role", "user or assistant, but it is " + other);
            }
        }
        return conversation;
    }

    private static String said(Fields message) throws Rejection {
        String content = message.needed("content");
        return switch (message.text("content_type", "text")) {
            case "text" -> content;
            case "object_string" -> words(message, content);
            case String other -> throw message.wrong("content_type", "text or object_string, but it is " + other);
        };
    }

    /** The words among words, pictures and files, which are a list that is told as a string. */
    private static String words(Fields message, String content) throws Rejection {
        JsonArray items;
        try {
            items = new JsonArray(content);
        } catch (DecodeException _) {
            throw message.wrong("content", "a list in JSON");
        }
        List<String> words = new ArrayList<>();
        for (Fields item : new Fields(new JsonObject().put("content", items), message.where()).objects("content")) {
            switch (item.needed("type")) {
                case "text" -> words.add(item.needed("text"));
                case "image", "file", "audio" -> {
                    if (!item.has("file_id") && !item.has("file_url")) {
                        throw item.missing("file_url");
                    }
                }
                case String other -> throw item.wrong("type", "text, image, file or audio, but it is " + other);
            }
        }
        return String.join("\n", words);
    }
}
