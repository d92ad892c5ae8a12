package dev.sluice.protocol.chat;

import dev.sluice.protocol.chat.ChatRequest.CacheHint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a message. */
public sealed interface Part {
    /** A cache hint behind this part; null for none. */
    default @Nullable CacheHint cache() {
        return null;
    }

    record Text(String text, @Nullable CacheHint cache) implements Part {
        public Text(String text) {
            this(text, null);
        }
    }

    /** @param detail how closely the model looks: {@code low}, {@code high}, {@code auto}; null where the client said nothing */
    record Image(
            Media media, @Nullable String detail, @Nullable CacheHint cache) implements Part {
        public Image(Media media) {
            this(media, null, null);
        }
    }

    record Audio(Media media) implements Part {}

    record Video(Media media) implements Part {}

    /** @param name file name or title */
    record Document(
            Media media, @Nullable String name, @Nullable CacheHint cache) implements Part {}

    /**
     * The model calls a tool.
     *
     * @param arguments JSON as the model wrote it, which may be broken; {@code {}} for none
     * @param signature the vendor's seal on the thoughts that led here (Gemini), to be sent back as it is
     */
    record ToolCall(
            String id,
            String name,
            String arguments,
            @Nullable String signature,
            @Nullable CacheHint cache) implements Part {
        public ToolCall {
            if (arguments.isEmpty()) arguments = "{}";
        }

        public ToolCall(String id, String name, String arguments) {
            this(id, name, arguments, null, null);
        }
    }

    /**
     * What a tool gave back.
     *
     * @param name the tool, where the client's format says it
     * @param content texts, images and documents
     */
    record ToolResult(
            String callId,
            @Nullable String name,
            List<Part> content,
            boolean failed,
            @Nullable CacheHint cache) implements Part {
        public ToolResult {
            content = List.copyOf(content);
        }

        /** The content for formats that cannot say that a call has failed: the text says it. */
        public List<Part> inWords() {
            if (!failed) return content;
            List<Part> told = new ArrayList<>(content);
            Text first = !told.isEmpty() && told.getFirst() instanceof Text text ? text : null;
            if (first != null) told.removeFirst();
            told.addFirst(first == null ? new Text("Error: ") : new Text("Error: " + first.text(), first.cache()));
            return told;
        }
    }

    /** @param signature the vendor's seal, without which it does not take its thoughts back; null if there is none */
    record Thinking(String text, @Nullable String signature) implements Part {}

    /** Thoughts that only the vendor can read. */
    record RedactedThinking(String data) implements Part {}

    /** The model's words for not answering. */
    record Refusal(String text) implements Part {}

    /** Where the bytes of an image, a sound or a document are. */
    sealed interface Media {
        /**
         * @param type media type, e.g. {@code image/png}
         * @param base64 the bytes, standard alphabet with padding
         */
        record Inline(String type, String base64) implements Media {
            /** As a data URL. */
            public String dataUrl() {
                return "data:" + type + ";base64," + base64;
            }
        }

        /** @param type media type; null if the client did not say */
        record Url(String url, @Nullable String type) implements Media {}

        /** A file that the vendor keeps. */
        record FileId(String id) implements Media {}

        /** Plain text that is handed over as a document. */
        record PlainText(String text) implements Media {}

        /** What a URL stands for: the bytes within a data URL, or a place elsewhere. */
        static Media ofUrl(String url) {
            int comma = url.indexOf(',');
            if (!url.startsWith("data:") || comma < 0) return new Url(url, null);
            String head = url.substring("data:".length(), comma);
            if (!head.endsWith(";base64")) return new Url(url, null);
            String type = head.substring(0, head.length() - ";base64".length());
            int parameters = type.indexOf(';');
            return new Inline(parameters < 0 ? type : type.substring(0, parameters), url.substring(comma + 1));
        }
    }

    /** A part for bytes of this media type; a document unless it is an image, a sound or a film. */
    static Part of(Media media, String type) {
        if (type.startsWith("image/")) return new Image(media);
        if (type.startsWith("audio/")) return new Audio(media);
        if (type.startsWith("video/")) return new Video(media);
        return new Document(media, null, null);
    }
}
