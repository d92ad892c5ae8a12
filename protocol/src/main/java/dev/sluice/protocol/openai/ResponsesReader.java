package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.sse.ServerSentEvent;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads response objects and the events of their streams. */
final class ResponsesReader implements ChunkReader {
    private enum Member {
        TYPE,
        DELTA,
        ITEM,
        RESPONSE,
        OUTPUT,
        STATUS,
        USAGE,
        ERROR,
        OBJECT,
        BASE_RESP,
        OTHER
    }

    private enum Item {
        TYPE,
        NAME,
        ARGUMENTS,
        INPUT,
        OTHER
    }

    /** Events with a meaning of their own; most others are told by the end of their name. */
    private enum Type {
        COMPLETED,
        INCOMPLETE,
        FAILED,
        OUTPUT_ITEM_ADDED("response.output_item.added"),
        OUTPUT_ITEM_DONE("response.output_item.done"),
        FUNCTION_CALL_ARGUMENTS_DELTA("response.function_call_arguments.delta"),
        CUSTOM_TOOL_CALL_INPUT_DELTA("response.custom_tool_call_input.delta"),
        AUDIO_DELTA("response.audio.delta"),
        OUTPUT_AUDIO_DELTA("response.output_audio.delta"),
        ANNOTATION_ADDED("response.output_text.annotation.added"),
        ERROR("error"),
        OTHER;

        private final String wireName;

        Type() {
            wireName = "response." + name().toLowerCase(Locale.ROOT);
        }

        Type(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    private enum ItemType {
        FUNCTION_CALL,
        CUSTOM_TOOL_CALL,
        OTHER
    }

    private enum Status {
        FAILED,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);
    private static final Keys<Item> ITEMS = Keys.of(Item.class, Item.OTHER);
    private static final Keys<Type> TYPES = Keys.of(Type.class, Type.OTHER, Type::wireName);
    private static final Keys<ItemType> ITEM_TYPES = Keys.of(ItemType.class, ItemType.OTHER);
    private static final Keys<Status> STATUSES = Keys.of(Status.class, Status.OTHER);
    private static final byte[] DELTA = ".delta".getBytes(US_ASCII);
    private static final byte[] DONE = ".done".getBytes(US_ASCII);
    private static final byte[] PARTIAL_IMAGE = ".partial_image".getBytes(US_ASCII);

    private final OutputSample output = new OutputSample();
    private final JsonScanner again = new JsonScanner();
    private final UsageReader usageReader = new UsageReader();
    private @Nullable Usage usage;
    private boolean finished;
    /** The arguments of the tool call that is being told came in pieces already. */
    private boolean argumentsTold;

    // What the object read last held; offsets are -1 where there was nothing.
    private int typeFrom;
    private int typeTo;
    private int deltaFrom;
    private int deltaTo;
    private boolean deltaEscaped;
    private boolean deltaContainer;
    private int itemFrom;
    private int itemTo;
    private int outputFrom;
    private int outputTo;
    private boolean outputGiven;
    private boolean failed;
    private boolean failedStatus;

    @Override
    public EventKind read(byte[] json, JsonScanner scanner, ServerSentEvent event) {
        read(json, scanner, true);
        if (scanner.isBroken()) return EventKind.ERROR;
        Type type;
        boolean delta;
        boolean done;
        if (typeFrom >= 0) {
            type = TYPES.find(json, typeFrom, typeTo);
            delta = endsWith(json, typeFrom, typeTo, DELTA);
            done = endsWith(json, typeFrom, typeTo, DONE) || endsWith(json, typeFrom, typeTo, PARTIAL_IMAGE);
        } else {
            byte[] name = event.bytes();
            type = TYPES.find(name, event.nameFrom(), event.nameTo());
            delta = endsWith(name, event.nameFrom(), event.nameTo(), DELTA);
            done = endsWith(name, event.nameFrom(), event.nameTo(), DONE)
                    || endsWith(name, event.nameFrom(), event.nameTo(), PARTIAL_IMAGE);
        }
        return switch (type) {
            case COMPLETED, INCOMPLETE -> {
                finished = true;
                if (failed || failedStatus) yield EventKind.ERROR;
                if (output.isEmpty()) takeOutput(json);
                yield EventKind.CONTENT;
            }
            case FAILED, ERROR -> {
                finished |= type == Type.FAILED;
                yield EventKind.ERROR;
            }
            case OUTPUT_ITEM_ADDED -> {
                argumentsTold = false;
                yield failed ? EventKind.ERROR : EventKind.LIFECYCLE;
            }
            case OUTPUT_ITEM_DONE -> {
                if (itemFrom >= 0) takeCall(json);
                argumentsTold = false;
                yield failed ? EventKind.ERROR : EventKind.CONTENT;
            }
            case FUNCTION_CALL_ARGUMENTS_DELTA, CUSTOM_TOOL_CALL_INPUT_DELTA -> {
                boolean told = delta(json, true);
                argumentsTold |= told;
                yield content(told);
            }
            case AUDIO_DELTA, OUTPUT_AUDIO_DELTA -> content(delta(json, false));
            case ANNOTATION_ADDED -> content(true);
            case OTHER -> content(delta ? delta(json, true) : done);
        };
    }

    private EventKind content(boolean held) {
        if (failed || failedStatus) return EventKind.ERROR;
        return held ? EventKind.CONTENT : EventKind.LIFECYCLE;
    }

    /** Reads the response object at the cursor. */
    void read(byte[] json, JsonScanner scanner) {
        read(json, scanner, false);
    }

    private void read(byte[] json, JsonScanner scanner, boolean event) {
        typeFrom = -1;
        deltaFrom = -1;
        itemFrom = -1;
        outputFrom = -1;
        outputGiven = false;
        deltaContainer = false;
        failed = false;
        failedStatus = false;
        members(json, scanner, true, event);
    }

    /** The members of a response and of an event around one are read alike; {@code top} is false within the latter. */
    private void members(byte[] json, JsonScanner scanner, boolean top, boolean event) {
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                case TYPE -> {
                    if (top && scanner.type() == JsonType.STRING && scanner.skip()) {
                        typeFrom = scanner.valueFrom() + 1;
                        typeTo = scanner.valueTo() - 1;
                    }
                }
                case DELTA -> {
                    if (top) noteDelta(scanner);
                }
                case ITEM -> {
                    if (top && scanner.type() == JsonType.OBJECT && scanner.skip()) {
                        itemFrom = scanner.valueFrom();
                        itemTo = scanner.valueTo();
                    }
                }
                case RESPONSE -> {
                    if (top && scanner.type() == JsonType.OBJECT) members(json, scanner, false, event);
                }
                case OUTPUT -> {
                    if (scanner.type() == JsonType.ARRAY && scanner.skip()) {
                        outputGiven = true;
                        outputFrom = scanner.valueFrom();
                        outputTo = scanner.valueTo();
                    }
                }
                case STATUS -> {
                    // Beside an event's type it is the status of a tool, not of the response.
                    if (top && event) continue;
                    if (scanner.type() == JsonType.STRING && scanner.skip()) {
                        Status status = STATUSES.find(json, scanner.valueFrom() + 1, scanner.valueTo() - 1);
                        failedStatus = status == Status.FAILED;
                    }
                }
                case USAGE -> {
                    Usage told = usageReader.read(scanner);
                    if (told != null) usage = told;
                }
                case ERROR -> failed |= VendorFailure.isError(scanner);
                case OBJECT -> failed |= top && VendorFailure.isErrorObject(json, scanner);
                case BASE_RESP -> failed |= VendorFailure.isFailedStatus(scanner);
                case OTHER -> {}
            }
        }
    }

    private void noteDelta(JsonScanner scanner) {
        JsonType type = scanner.type();
        if (type != JsonType.STRING && type != JsonType.OBJECT && type != JsonType.ARRAY || !scanner.skip()) return;
        deltaContainer = type != JsonType.STRING;
        deltaEscaped = scanner.isEscaped();
        deltaFrom = scanner.valueFrom() + 1;
        deltaTo = scanner.valueTo() - 1;
    }

    /** Whether the event holds a delta that is not empty; its text goes to the sample if it is text. */
    private boolean delta(byte[] json, boolean text) {
        if (deltaFrom < 0 || deltaFrom == deltaTo) return false;
        if (text && !deltaContainer) output.add(json, deltaFrom, deltaTo, deltaEscaped);
        return true;
    }

    /** Takes the name of a finished tool call, and its arguments if they did not come in pieces. */
    private void takeCall(byte[] json) {
        again.reset(json, itemFrom, itemTo);
        ItemType type = ItemType.OTHER;
        again.enter();
        while (again.nextMember()) {
            if (again.key(ITEMS) == Item.TYPE && again.type() == JsonType.STRING && again.skip()) {
                type = ITEM_TYPES.find(json, again.valueFrom() + 1, again.valueTo() - 1);
            }
        }
        if (type == ItemType.OTHER) return;
        again.reset(json, itemFrom, itemTo);
        again.enter();
        while (again.nextMember()) {
            switch (again.key(ITEMS)) {
                case NAME -> output.takeString(json, again);
                case ARGUMENTS, INPUT -> {
                    if (!argumentsTold) output.takeString(json, again);
                }
                case TYPE, OTHER -> {}
            }
        }
    }

    /** Takes the text of the output items of the response read last. */
    void takeOutput(byte[] json) {
        if (outputFrom >= 0) output.takeAll(json, again.reset(json, outputFrom, outputTo));
    }

    private static boolean endsWith(byte[] bytes, int from, int to, byte[] suffix) {
        return to - from >= suffix.length && Arrays.equals(bytes, to - suffix.length, to, suffix, 0, suffix.length);
    }

    /** Whether the object read last tells an error or says that it failed. */
    boolean hasFailed() {
        return failed || failedStatus;
    }

    /** Whether the object read last has output items, be it none. */
    boolean hasOutput() {
        return outputGiven;
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public TextSample output() {
        return output.toSample();
    }
}
