package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.sse.ServerSentEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where ids of what a provider keeps stand: files, uploads, batches, vector stores, containers, stored responses, conversations, videos, jobs, tasks
 * of DashScope and of Ark, batches of Anthropic. Finds them in place, so that
 * each can be replaced by another spelling while everything else survives byte for byte. A document that is broken has no edits.
 */
public final class KeptIds {
    private enum Member {
        ID,
        PREVIOUS_RESPONSE_ID,
        INPUT_FILE_ID,
        OUTPUT_FILE_ID,
        ERROR_FILE_ID,
        REMIXED_FROM_VIDEO_ID,
        FIRST_ID,
        LAST_ID,
        CONVERSATION,
        DATA,
        ITEMS,
        OUTPUT,
        TASK_ID,
        RESPONSE,
        FILE,
        FILE_ID,
        FILE_IDS,
        CONTAINER,
        CONTAINER_ID,
        VECTOR_STORE_ID,
        VECTOR_STORE_IDS,
        UPLOAD_ID,
        TRAINING_FILE,
        VALIDATION_FILE,
        RESULT_FILES,
        FINE_TUNING_JOB_ID,
        RESULTS_URL,
        TOOLS,
        ITEM,
        PART,
        ANNOTATION,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);
    private static final byte[] RESPONSE = "\"response\"".getBytes(US_ASCII);
    private static final String BATCHES = "/v1/messages/batches/";
    private static final byte[] FILE_ID = "\"file_id\"".getBytes(US_ASCII);
    private static final byte[] CONTAINER_ID = "\"container_id\"".getBytes(US_ASCII);

    private final JsonScanner scanner;
    private final Function<String, @Nullable String> spelling;
    private final List<Splice> edits = new ArrayList<>(2);

    private KeptIds(byte[] json, int from, int to, Function<String, @Nullable String> spelling) {
        this.scanner = new JsonScanner().reset(json, from, to);
        this.spelling = spelling;
    }

    /**
     * Edits of an answer: a thing with its references, or a list of things.
     *
     * @param spelling the new spelling of an id; null to leave it
     */
    public static List<Splice> inAnswer(byte[] json, Function<String, @Nullable String> spelling) {
        KeptIds ids = new KeptIds(json, 0, json.length, spelling);
        if (ids.scanner.type() == JsonType.OBJECT) ids.thing(true);
        return ids.scanner.finish() ? ids.edits : List.of();
    }

    /** Edits of an answer that is part of a thing and has no id of its own, as the items of a conversation: the things that it refers to. */
    public static List<Splice> inParts(byte[] json, Function<String, @Nullable String> spelling) {
        KeptIds ids = new KeptIds(json, 0, json.length, spelling);
        ids.references();
        return ids.scanner.finish() ? ids.edits : List.of();
    }

    /** Edits of one event of a stream, which may tell the state of a response or a part of it that refers to a file. */
    public static List<Splice> inEvent(byte[] bytes, int from, int to, Function<String, @Nullable String> spelling) {
        boolean any = holds(bytes, from, to, RESPONSE)
                || holds(bytes, from, to, FILE_ID)
                || holds(bytes, from, to, CONTAINER_ID);
        if (!any) return List.of();
        ServerSentEvent event = new ServerSentEvent();
        event.read(bytes, from, to);
        if (!event.hasData() || event.isJoined()) return List.of();
        KeptIds ids = new KeptIds(bytes, event.dataFrom(), event.dataTo(), spelling);
        JsonScanner scanner = ids.scanner;
        if (!scanner.enter()) return List.of();
        while (scanner.nextMember()) {
            Member member = scanner.key(MEMBERS);
            if (member == Member.RESPONSE && scanner.type() == JsonType.OBJECT) ids.thing(false);
            if (member == Member.ITEM || member == Member.PART || member == Member.ANNOTATION) ids.references();
        }
        return scanner.finish() ? ids.edits : List.of();
    }

    /** Edits of a request: members that are called an id, wherever they stand but in the client's own metadata. */
    public static List<Splice> inRequest(byte[] json, Function<String, @Nullable String> spelling) {
        KeptIds ids = new KeptIds(json, 0, json.length, spelling);
        ids.any(false);
        return ids.scanner.finish() ? ids.edits : List.of();
    }

    private void thing(boolean mayList) {
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                case ID,
                        PREVIOUS_RESPONSE_ID,
                        INPUT_FILE_ID,
                        OUTPUT_FILE_ID,
                        ERROR_FILE_ID,
                        REMIXED_FROM_VIDEO_ID,
                        UPLOAD_ID,
                        TRAINING_FILE,
                        VALIDATION_FILE,
                        FINE_TUNING_JOB_ID,
                        FILE_ID,
                        CONTAINER_ID,
                        VECTOR_STORE_ID,
                        FIRST_ID,
                        LAST_ID -> id();
                case OUTPUT -> {
                    if (scanner.type() == JsonType.OBJECT) task();
                    else references();
                }
                case FILE_IDS, RESULT_FILES -> each();
                case TOOLS -> references();
                case RESULTS_URL -> resultsUrl();
                case FILE -> {
                    // Of an upload that is complete.
                    if (mayList && scanner.type() == JsonType.OBJECT) thing(false);
                }
                case CONVERSATION -> conversation();
                case DATA, ITEMS -> {
                    if (mayList) list();
                }
                case TASK_ID, RESPONSE, CONTAINER, VECTOR_STORE_IDS, ITEM, PART, ANNOTATION, OTHER -> {}
            }
        }
    }

    private void list() {
        if (scanner.type() != JsonType.ARRAY) return;
        scanner.enter();
        while (scanner.nextElement()) {
            if (scanner.type() == JsonType.OBJECT) thing(false);
        }
    }

    /** Of DashScope: {@code {"output":{"task_id":"…"}}}. */
    private void task() {
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(MEMBERS) == Member.TASK_ID) id();
        }
    }

    private void conversation() {
        if (scanner.type() != JsonType.OBJECT) {
            id();
            return;
        }
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(MEMBERS) == Member.ID) id();
        }
    }

    /** What a response refers to, at any depth: files of annotations and searches, containers, the tools that it was asked with. */
    private void references() {
        switch (scanner.type()) {
            case OBJECT -> {
                scanner.enter();
                while (scanner.nextMember()) {
                    switch (scanner.key(MEMBERS)) {
                        case FILE_ID, CONTAINER_ID, VECTOR_STORE_ID -> id();
                        case CONTAINER -> {
                            if (scanner.type() == JsonType.STRING) id();
                            else references();
                        }
                        case FILE_IDS, VECTOR_STORE_IDS -> each();
                        default -> references();
                    }
                }
            }
            case ARRAY -> {
                scanner.enter();
                while (scanner.nextElement()) references();
            }
            case STRING, NUMBER, TRUE, FALSE, NULL, INVALID -> {}
        }
    }

    private void each() {
        if (scanner.type() != JsonType.ARRAY) return;
        scanner.enter();
        while (scanner.nextElement()) id();
    }

    /** @param named whether the name before the value says that it is an id */
    private void any(boolean named) {
        switch (scanner.type()) {
            case OBJECT -> {
                scanner.enter();
                while (scanner.nextMember()) {
                    String name = scanner.name();
                    if (!name.equals("metadata")) any(isId(name));
                }
            }
            case ARRAY -> {
                scanner.enter();
                while (scanner.nextElement()) any(named);
            }
            case STRING -> {
                if (named) id();
            }
            case NUMBER, TRUE, FALSE, NULL, INVALID -> {}
        }
    }

    /** Whether a member of a request names things by its own name; {@code custom_id} is the client's to choose. */
    static boolean isId(String name) {
        return switch (name) {
            case "id", "conversation", "container", "training_file", "validation_file" -> true;
            case "custom_id" -> false;
            default -> name.endsWith("_id") || name.endsWith("_ids");
        };
    }

    /** Whether a field of a form names things: as a member does, alone or as {@code group[member]} or {@code list[]}. */
    public static boolean isIdField(String name) {
        String member = name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
        int bracket = member.lastIndexOf('[');
        if (bracket >= 0 && member.endsWith("]")) member = member.substring(bracket + 1, member.length() - 1);
        return isId(member) || member.equals("input_reference");
    }

    private void id() {
        String text = scanner.takeString();
        String other = text == null ? null : spelling.apply(text);
        if (other == null) return;
        edits.add(new Splice(
                scanner.valueFrom(),
                scanner.valueTo(),
                new JsonWriter().string(other).toBytes()));
    }

    /**
     * Of Anthropic, absolute. Its clients go there with the key that they have, which is the gateway's; a path they join to the address that they
     * call anyway.
     */
    private void resultsUrl() {
        String url = scanner.takeString();
        int from = url == null ? -1 : url.indexOf(BATCHES);
        int to = url == null ? -1 : url.lastIndexOf('/');
        if (url == null || from < 0 || to <= from + BATCHES.length()) return;
        String other = spelling.apply(url.substring(from + BATCHES.length(), to));
        if (other == null) return;
        edits.add(new Splice(
                scanner.valueFrom(),
                scanner.valueTo(),
                new JsonWriter().string(BATCHES + other + url.substring(to)).toBytes()));
    }

    private static boolean holds(byte[] bytes, int from, int to, byte[] word) {
        for (int at = from; at <= to - word.length; at++) {
            if (bytes[at] != word[0]) continue;
            int same = 1;
            while (same < word.length && bytes[at + same] == word[same]) same++;
            if (same == word.length) return true;
        }
        return false;
    }
}
