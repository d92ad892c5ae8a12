package dev.sluice.protocol.multipart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds some short fields of a form while its bytes pass by in chunks of any size. Keeps those fields and the header of the
 * current part, nothing else, so a form of any length needs a few kilobytes. Used by one thread only.
 *
 * <p>The delimiter begins with CR, which cannot stand again in it, so a search that fails in the middle of one goes on with
 * the byte that failed it: one counter is all that is remembered between chunks.
 */
public final class MultipartReader {
    private static final int MAX_HEADER = 8 << 10;
    private static final int MAX_VALUE = 4 << 10;
    private static final int MAX_BOUNDARY = 70;
    private static final int MAX_LISTED = 256;
    private static final byte[] HEADER_END = {'\r', '\n', '\r', '\n'};

    private enum State {
        BODY,
        BEHIND_DELIMITER,
        HEADER,
        EPILOGUE
    }

    /**
     * A field that was asked for.
     *
     * @param from offset in the form of the first byte of its value
     * @param to offset behind the last one
     */
    public record Field(String value, long from, long to) {}

    private final byte[] delimiter;
    private final Set<String> wanted;
    private final Predicate<String> listed;
    private final Map<String, Field> found = new HashMap<>();
    private final List<Field> list = new ArrayList<>(0);
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(256);
    private State state = State.BODY;
    /** How much of the delimiter the last bytes match; the CRLF before the first one is not there. */
    private int matched = 2;

    private int headerMatched;
    private int behind;
    private byte firstBehind;
    private long offset;
    private long valueFrom;
    private @Nullable String name;
    /** The field that passes by is one of those to list. */
    private boolean isListed;

    private @Nullable String fileName;
    /** The part that passes by is a file. */
    private boolean isFile;

    private int files;
    private long fileFrom = Long.MAX_VALUE;
    private long fileTo = Long.MAX_VALUE;
    private @Nullable String problem;
    private boolean hasParts;

    private MultipartReader(String boundary, Set<String> wanted, Predicate<String> listed) {
        this.delimiter = ("\r\n--" + boundary).getBytes(ISO_8859_1);
        this.wanted = Set.copyOf(wanted);
        this.listed = listed;
    }

    /**
     * A reader for a body of this type; null if the type is no form or names no boundary.
     *
     * @param wanted names of the fields to find
     */
    public static @Nullable MultipartReader of(@Nullable String contentType, Set<String> wanted) {
        return of(contentType, wanted, _ -> false);
    }

    /**
     * As {@link #of(String, Set)}, and lists further fields.
     *
     * @param listed names of fields that may be given several times
     */
    public static @Nullable MultipartReader of(
            @Nullable String contentType, Set<String> wanted, Predicate<String> listed) {
        String boundary = isForm(contentType) ? boundary(contentType) : null;
        return boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY
                ? null
                : new MultipartReader(boundary, wanted, listed);
    }

    /** Whether a body of this type is a form with parts. */
    public static boolean isForm(@Nullable String contentType) {
        return contentType != null && contentType.regionMatches(true, 0, "multipart/form-data", 0, 19);
    }

    private static @Nullable String boundary(@Nullable String contentType) {
        return contentType == null ? null : parameter(contentType, "boundary");
    }

    /** Takes the next bytes of the form. */
    public void feed(byte[] bytes, int from, int to) {
        for (int i = from; i < to && problem == null; i++) {
            byte b = bytes[i];
            offset++;
            switch (state) {
                case BODY -> body(b);
                case BEHIND_DELIMITER -> behindDelimiter(b);
                case HEADER -> header(b);
                case EPILOGUE -> {
                    offset += to - i - 1;
                    return;
                }
            }
        }
    }

    /** The field of this name, null as long as it has not passed by whole. */
    public @Nullable Field field(String fieldName) {
        return found.get(fieldName);
    }

    /** Its value, null as long as it has not passed by whole. */
    public @Nullable String value(String fieldName) {
        Field field = found.get(fieldName);
        return field == null ? null : field.value();
    }

    /** The fields to list that have passed by, in their order; without those that are too long, and at most 256. */
    public List<Field> listed() {
        return Collections.unmodifiableList(list);
    }

    /** The name of the file that passed by last, empty if it has none; null as long as none has. */
    public @Nullable String fileName() {
        return fileName;
    }

    /** How many files have begun to pass by. */
    public int files() {
        return files;
    }

    /** Offset in the form of the first byte of the last file, {@link Long#MAX_VALUE} as long as none has begun. */
    public long fileFrom() {
        return fileFrom;
    }

    /** Offset behind its last byte, {@link Long#MAX_VALUE} as long as it goes on. */
    public long fileTo() {
        return fileTo;
    }

    /** Why this is not a form that can be trusted, e.g. because a field was given twice; null as long as it is one. */
    public @Nullable String problem() {
        return problem;
    }

    /** Whether the delimiter that closes the form has passed by. */
    public boolean isEnded() {
        return state == State.EPILOGUE;
    }

    private void body(byte b) {
        if (b == delimiter[matched]) matched++;
        else matched = b == delimiter[0] ? 1 : 0;
        if (name != null) keepValue(b, name);
        if (matched < delimiter.length) return;
        String ended = name;
        if (ended != null) {
            int length = kept.size() - delimiter.length;
            Field field = new Field(new String(kept.toByteArray(), 0, length, UTF_8), valueFrom, valueFrom + length);
            if (isListed) list(field);
            else if (found.putIfAbsent(ended, field) != null)
                problem = "field \"" + ended + "\" is given twice; give it once";
        }
        if (isFile) fileTo = offset - delimiter.length;
        name = null;
        kept.reset();
        matched = 0;
        behind = 0;
        hasParts = true;
        state = State.BEHIND_DELIMITER;
    }

    private void keepValue(byte b, String field) {
        int most = MAX_VALUE + delimiter.length;
        if (!isListed) {
            keep(b, most, "field \"" + field + "\" is longer than " + MAX_VALUE);
        } else if (kept.size() < most) {
            kept.write(b);
        } else {
            name = null;
            kept.reset();
        }
    }

    private void list(Field field) {
        if (list.size() < MAX_LISTED) list.add(field);
    }

    /** Two dashes close the form; white space and a line end open the next part. */
    private void behindDelimiter(byte b) {
        if (behind++ == 0) firstBehind = b;
        if (b == '-' && behind == 2 && firstBehind == '-') {
            state = State.EPILOGUE;
        } else if (b == '\n') {
            state = State.HEADER;
            // The line end before the header counts for a header that is empty.
            headerMatched = 2;
        } else if (b != '\r' && b != ' ' && b != '\t' && b != '-') {
            problem = "a boundary is followed by other bytes than a line end";
        }
    }

    private void header(byte b) {
        keep(b, MAX_HEADER, "the header of a part is longer than " + MAX_HEADER);
        if (b == HEADER_END[headerMatched]) headerMatched++;
        else headerMatched = b == '\r' ? 1 : 0;
        if (headerMatched < HEADER_END.length) return;
        isFile = false;
        name = wantedName(kept.toString(UTF_8));
        kept.reset();
        headerMatched = 0;
        // A value may be empty: the delimiter's line end is then the one behind the header, which RFC 2046 does not
        // allow.
        matched = 0;
        valueFrom = offset;
        if (isFile) {
            files++;
            fileFrom = offset;
            fileTo = Long.MAX_VALUE;
        }
        state = State.BODY;
    }

    private void keep(byte b, int most, String otherwise) {
        if (kept.size() >= most) problem = otherwise + " bytes";
        else kept.write(b);
    }

    private @Nullable String wantedName(String header) {
        for (String line : header.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0 || !line.substring(0, colon).strip().equalsIgnoreCase("content-disposition")) continue;
            String named = parameter(line, "name");
            String file = parameter(line, "filename");
            boolean isNamed = file != null || parameter(line, "filename*") != null;
            // Some readers of forms take a file whose part does not say what it was called.
            if (isNamed || "file".equals(named)) {
                isFile = true;
                fileName = file == null ? "" : file;
                return null;
            }
            isListed = named != null && !wanted.contains(named) && listed.test(named);
            return named != null && (isListed || wanted.contains(named)) ? named : null;
        }
        return null;
    }

    /** The value of a parameter of a header, without its quotes; null if it is not there. */
    private static @Nullable String parameter(String header, String wantedName) {
        int p = header.indexOf(';');
        while (p >= 0 && p < header.length()) {
            int equals = header.indexOf('=', p);
            if (equals < 0) return null;
            String named = header.substring(p + 1, equals).strip();
            int from = equals + 1;
            while (from < header.length() && header.charAt(from) == ' ') from++;
            int to;
            String value;
            if (from < header.length() && header.charAt(from) == '"') {
                to = from + 1;
                StringBuilder text = new StringBuilder();
                while (to < header.length() && header.charAt(to) != '"') {
                    if (header.charAt(to) == '\\' && to + 1 < header.length()) to++;
                    text.append(header.charAt(to++));
                }
                value = text.toString();
            } else {
                to = header.indexOf(';', from);
                if (to < 0) to = header.length();
                value = header.substring(from, to).strip();
            }
            if (named.equalsIgnoreCase(wantedName)) return value;
            p = header.indexOf(';', to);
        }
        return null;
    }

    /** Whether anything was there that looks like a part. */
    public boolean hasParts() {
        return hasParts;
    }
}
