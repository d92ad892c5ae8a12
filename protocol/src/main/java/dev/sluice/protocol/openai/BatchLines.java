package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a batch, a JSON object in each line, that pass by in chunks of any size: replaces the ids and the models that they
 * name. Holds back the beginning of a string that may be one of them, nothing else. What takes the place of something longer is filled
 * up with spaces behind it, so that no byte moves and the length of what is sent can be told in advance; only a longer model
 * makes it longer.
 *
 * <p>A line end ends every string and every object, as it cannot stand in one: what is no JSON does no harm to the line behind it. What
 * a provider makes of such a line nobody knows, so it is told of.
 */
public final class BatchLines {
    private static final int LONGEST = 400;
    private static final byte[] NONE = new byte[0];

    /** What takes the place of what lines say; lines are counted from 1 on. */
    public interface Rewriter {
        /** The new spelling of an id, not longer than the old one; null to leave it. */
        @Nullable
        String id(String id);

        /**
         * The new name of the model of a line; null to leave it.
         *
         * @param model empty for a request that names none
         */
        @Nullable
        String model(String model, long line);

        /** @param why what the line does that a request does not, e.g. {@code ends inside a string} */
        void unreadable(long line, String why);
    }

    private final Rewriter rewriter;
    private final JsonScanner scanner = new JsonScanner();
    private byte[] held = NONE;
    private long line = 1;
    private int depth;

    private boolean inString;
    private boolean escaped;
    /** Whether the string may be looked for so far: it is short. */
    private boolean brief;

    private boolean hasEscapes;
    private int stringFrom;
    /** The last byte outside of strings that is no white space; a quote behind a string. */
    private byte before;

    private byte beforeString;
    private Name last = Name.OTHER;
    /** The member whose value is read. */
    private Name member = Name.OTHER;
    /** The depth in the client's own metadata; 0 outside. */
    private int metadata;
    /** In the body of the request, at any depth. */
    private boolean inBody;
    /** The request has named its model. */
    private boolean named;

    private enum Name {
        ID,
        METADATA,
        BODY,
        MODEL,
        OTHER
    }

    public BatchLines(Rewriter rewriter) {
        this.rewriter = rewriter;
    }

    /** The next bytes to pass on. */
    public byte[] feed(byte[] bytes) {
        int resume = held.length;
        byte[] all = resume == 0 ? bytes : Arrays.copyOf(held, resume + bytes.length);
        if (resume > 0) System.arraycopy(bytes, 0, all, resume, bytes.length);
        List<Splice> edits = new ArrayList<>(0);
        for (int i = resume; i < all.length; i++) {
            if (inString) inside(all, i, edits);
            else outside(all[i], i);
        }
        int ready = all.length;
        if (inString && brief) {
            ready = stringFrom;
            stringFrom = 0;
        }
        held = ready == all.length ? NONE : Arrays.copyOfRange(all, ready, all.length);
        byte[] out = ready == all.length ? all : Arrays.copyOf(all, ready);
        return edits.isEmpty() ? out : Splice.apply(out, edits);
    }

    /** How many bytes are held back. */
    public int held() {
        return held.length;
    }

    /** The file has ended: what is still held back. */
    public byte[] end() {
        byte[] rest = held;
        held = NONE;
        endLine();
        return rest;
    }

    private void inside(byte[] all, int i, List<Splice> edits) {
        byte b = all[i];
        if (brief && i - stringFrom > LONGEST) {
            brief = false;
            if (isModel()) rewriter.unreadable(line, "names a model of more than " + LONGEST + " bytes");
        }
        if (b == '\n' || b == '\r') {
            endLine();
            if (b == '\n') line++;
        } else if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
            hasEscapes = true;
        } else if (b == '"') {
            inString = false;
            before = '"';
            last = Name.OTHER;
            if (brief) string(all, i, edits);
        }
    }

    /** @param to of the closing quote */
    private void string(byte[] all, int to, List<Splice> edits) {
        boolean isValue = beforeString == ':';
        if (isModel()) {
            model(all, to, edits);
        } else if (!isValue || member == Name.ID) {
            String text = text(all, to);
            if (!isValue) last = name(text);
            if (isValue || beforeString == '[' || beforeString == ',') id(text, to, edits);
        }
    }

    private boolean isModel() {
        return isModel(beforeString);
    }

    /** @param beforeValue the byte before the value that is looked at */
    private boolean isModel(byte beforeValue) {
        return beforeValue == ':' && member == Name.MODEL && inBody && depth == 2;
    }

    private void model(byte[] all, int to, List<Splice> edits) {
        String model = scanner.reset(all, stringFrom, to + 1).takeString();
        if (model == null) {
            rewriter.unreadable(line, "names a model in a string that is no JSON");
            return;
        }
        String other = rewriter.model(model, line);
        if (other != null && !other.equals(model))
            edits.add(filled(to, new JsonWriter().string(other).toBytes()));
    }

    private void id(String text, int to, List<Splice> edits) {
        if (member != Name.ID || metadata > 0) return;
        String other = rewriter.id(text);
        byte[] spelled = other == null ? null : new JsonWriter().string(other).toBytes();
        if (spelled != null && spelled.length <= to + 1 - stringFrom) edits.add(filled(to, spelled));
    }

    /** @param to of the closing quote of what is replaced */
    private Splice filled(int to, byte[] string) {
        int length = to + 1 - stringFrom;
        byte[] filled = Arrays.copyOf(string, Math.max(length, string.length));
        Arrays.fill(filled, string.length, filled.length, (byte) ' ');
        return new Splice(stringFrom, to + 1, filled);
    }

    /** A string as it is read; as it is written if it is no JSON. */
    private String text(byte[] all, int to) {
        String read = hasEscapes ? scanner.reset(all, stringFrom, to + 1).takeString() : null;
        return read == null ? new String(all, stringFrom + 1, to - stringFrom - 1, ISO_8859_1) : read;
    }

    private static Name name(String text) {
        return switch (text) {
            case "metadata" -> Name.METADATA;
            case "body" -> Name.BODY;
            case "model" -> Name.MODEL;
            default -> KeptIds.isId(text) ? Name.ID : Name.OTHER;
        };
    }

    private void outside(byte b, int i) {
        switch (b) {
            case '"' -> {
                inString = true;
                escaped = false;
                brief = true;
                hasEscapes = false;
                stringFrom = i;
                beforeString = before;
                if (isModel(before)) named = true;
            }
            case '\n' -> {
                endLine();
                line++;
            }
            case ' ', '\t', '\r' -> {}
            case '{', '[' -> {
                other();
                open(b);
                before = b;
            }
            case '}', ']' -> {
                close();
                before = b;
            }
            default -> {
                if (b >= 0 && b < ' ') rewriter.unreadable(line, "holds a control character");
                other();
                if (b == ':') member = before == '"' ? last : Name.OTHER;
                before = b;
            }
        }
    }

    /** Something that is no string begins. */
    private void other() {
        if (!isModel(before)) return;
        named = true;
        rewriter.unreadable(line, "names a model that is no string");
    }

    private void open(byte b) {
        if (depth == 0 && b == '[') rewriter.unreadable(line, "holds an array");
        if (depth == 0) named = false;
        depth++;
        if (b != '{' || before != ':') return;
        if (member == Name.METADATA && metadata == 0) metadata = depth;
        if (member == Name.BODY && depth == 2) inBody = true;
    }

    private void close() {
        if (depth == 1 && !named) rewriter.model("", line);
        if (depth > 0) depth--;
        if (depth < metadata) metadata = 0;
        if (depth < 2) inBody = false;
    }

    private void endLine() {
        if (inString) rewriter.unreadable(line, "ends inside a string");
        else if (depth > 0) rewriter.unreadable(line, "ends inside an object");
        inString = false;
        depth = 0;
        before = 0;
        metadata = 0;
        inBody = false;
        member = Name.OTHER;
        last = Name.OTHER;
    }
}
