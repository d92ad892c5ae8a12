package dev.sluice.protocol.error;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.sse.ServerSentEvent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads an error from any vendor's envelope. Where several places tell one, the innermost of the best known form wins:
 *
 * <ol>
 *   <li>{@code error.message}: OpenAI, Anthropic, Google (also in an array), OpenRouter, Zhipu, Ark, vLLM;
 *       {@code response.error} of a failed response; {@code choices[].error} of OpenRouter
 *   <li>{@code error} as a string: proxies, TGI, Ollama
 *   <li>{@code message}, {@code Message}, {@code msg}, {@code error_msg}, {@code error_description}: DashScope, Cohere,
 *       Mistral, Dify, Spark, AWS, OAuth
 *   <li>{@code detail} as a string or a list of complaints: FastAPI, Jina, Voyage, NIM
 *   <li>{@code base_resp.status_msg}: MiniMax
 *   <li>{@code Response.Error.Message}: Tencent
 *   <li>{@code errors[0]}: Cloudflare
 *   <li>the text itself: HTML and plain words of proxies
 * </ol>
 */
public final class ErrorReader {
    public static final UpstreamError UNEXPLAINED =
            new UpstreamError("the upstream told of an error without a message", "upstream_error", null, null);

    private enum Field {
        ERROR("error"),
        ERROR_UPPER("Error"),
        ERRORS("errors"),
        CHOICES("choices"),
        RESPONSE("response"),
        RESPONSE_UPPER("Response"),
        BASE_RESP("base_resp"),
        DETAIL("detail"),
        DETAILS("details"),
        REASON("reason"),
        RETRY_DELAY("retryDelay"),
        VIOLATIONS("violations"),
        QUOTA_ID("quotaId"),
        MESSAGE("message"),
        MESSAGE_UPPER("Message"),
        MSG("msg"),
        STATUS_MSG("status_msg"),
        ERROR_MSG("error_msg"),
        ERROR_DESCRIPTION("error_description"),
        CODE("code"),
        CODE_UPPER("Code"),
        STATUS_CODE("status_code"),
        ERROR_CODE("error_code"),
        TYPE("type"),
        AWS_TYPE("__type"),
        STATUS("status"),
        PARAM("param"),
        LOC("loc"),
        OTHER("");

        private final String wireName;

        Field(String wireName) {
            this.wireName = wireName;
        }
    }

    /** Places that may tell an error, best first. */
    private enum Place {
        ERROR,
        ERROR_TEXT,
        TOP,
        DETAIL,
        BASE_RESP,
        RESPONSE_ERROR,
        ERRORS,
        NONE
    }

    private static final Keys<Field> FIELDS = Keys.of(Field.class, Field.OTHER, field -> field.wireName);
    /** A code or a type is a word; a longer one is cut. */
    private static final int MAX_WORD = 128;

    private final byte[] json;
    private final JsonScanner scanner = new JsonScanner();
    private @Nullable String message;
    private Place messagePlace = Place.NONE;
    private @Nullable String code;
    private Place codePlace = Place.NONE;
    private @Nullable String type;
    private Place typePlace = Place.NONE;
    private @Nullable String param;
    private @Nullable String reason;
    private long retryAfterMillis = -1;

    private ErrorReader(byte[] json) {
        this.json = json;
    }

    /** The error that the bytes tell, bare or as a server-sent event; of text that is no known envelope, the beginning. */
    public static UpstreamError read(byte[] bytes, int from, int to) {
        UpstreamError told = find(bytes, from, to);
        if (told != null) return told;
        // DashScope answers a streamed request that it refuses with one event.
        ServerSentEvent event = new ServerSentEvent();
        event.read(bytes, from, to);
        if (event.hasData()) told = find(event.data(), event.dataFrom(), event.dataTo());
        return told != null ? told : new UpstreamError(PlainText.excerpt(bytes, from, to), null, null, null);
    }

    /** As {@link #read}, but never quotes JSON of another form: it may be an answer. */
    public static UpstreamError explain(byte[] bytes, int from, int to) {
        UpstreamError told = find(bytes, from, to);
        if (told != null) return told;
        JsonScanner scanner = new JsonScanner().reset(bytes, JsonScanner.afterMark(bytes, from, to), to);
        return scanner.type() == JsonType.INVALID ? read(bytes, from, to) : UNEXPLAINED;
    }

    /** The error that an envelope tells, or null if the bytes are none. */
    public static @Nullable UpstreamError find(byte[] bytes, int from, int to) {
        ErrorReader reader = new ErrorReader(bytes);
        reader.scanner.reset(bytes, JsonScanner.afterMark(bytes, from, to), to);
        reader.value(Place.TOP);
        // A cut-off document may have told enough before its end.
        if (reader.message == null && reader.code == null) return null;
        // The type around an error object is the type of the envelope.
        if (reader.messagePlace == Place.ERROR && reader.typePlace != Place.ERROR) reader.type = null;
        return new UpstreamError(
                reader.message == null ? "" : PlainText.clean(reader.message, PlainText.MAX_MESSAGE),
                word(reader.reason != null ? reader.reason : reader.code),
                word(reader.type),
                word(reader.param),
                reader.retryAfterMillis);
    }

    private static @Nullable String word(@Nullable String text) {
        return text == null || text.isEmpty() ? null : PlainText.clean(text, MAX_WORD);
    }

    private void value(Place place) {
        switch (scanner.type()) {
            case OBJECT -> object(place);
            case ARRAY -> {
                scanner.enter();
                while (scanner.nextElement()) {
                    if (scanner.type() == JsonType.OBJECT) object(place);
                }
            }
            case STRING -> message(place == Place.ERROR ? Place.ERROR_TEXT : place);
            case NUMBER, TRUE, FALSE, NULL, INVALID -> {}
        }
    }

    private void object(Place place) {
        boolean top = place == Place.TOP;
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(FIELDS)) {
                case ERROR -> value(top ? Place.ERROR : place);
                case ERROR_UPPER -> value(top ? Place.RESPONSE_ERROR : place);
                case RESPONSE, RESPONSE_UPPER -> nested();
                case CHOICES -> choices();
                case ERRORS -> value(Place.ERRORS);
                case BASE_RESP -> value(Place.BASE_RESP);
                case DETAIL -> detail(top ? Place.DETAIL : place);
                case MESSAGE, MESSAGE_UPPER, MSG, STATUS_MSG, ERROR_MSG, ERROR_DESCRIPTION -> {
                    if (scanner.type() == JsonType.OBJECT) object(place);
                    else message(place);
                }
                case CODE, CODE_UPPER, STATUS_CODE, ERROR_CODE -> code(place);
                case TYPE -> type(place);
                case AWS_TYPE -> awsType();
                case STATUS -> {
                    // Google's class of the error; elsewhere it is a number or the state of an answer.
                    if (place == Place.ERROR && typePlace != Place.ERROR) type(place);
                }
                case PARAM -> {
                    String told = scanner.takeString();
                    if (told != null && (param == null || place == Place.ERROR)) param = told;
                }
                case DETAILS -> details(place);
                case LOC, REASON, RETRY_DELAY, VIOLATIONS, QUOTA_ID, OTHER -> {}
            }
        }
    }

    /** Only the error within: the rest of a response is its answer. */
    private void nested() {
        if (scanner.type() != JsonType.OBJECT) return;
        scanner.enter();
        while (scanner.nextMember()) {
            Field field = scanner.key(FIELDS);
            if (field == Field.ERROR) value(Place.ERROR);
            else if (field == Field.ERROR_UPPER) value(Place.RESPONSE_ERROR);
        }
    }

    private void choices() {
        if (scanner.type() != JsonType.ARRAY) return;
        scanner.enter();
        while (scanner.nextElement()) nested();
    }

    /** Google's: the reason says more than the number, and a daily quota more than either. */
    private void details(Place place) {
        if (place != Place.ERROR || scanner.type() != JsonType.ARRAY) return;
        scanner.enter();
        while (scanner.nextElement()) {
            if (scanner.type() != JsonType.OBJECT) continue;
            scanner.enter();
            while (scanner.nextMember()) {
                switch (scanner.key(FIELDS)) {
                    case REASON -> {
                        String told = scanner.takeString();
                        if (reason == null) reason = told;
                    }
                    case RETRY_DELAY -> retryAfterMillis = Durations.millis(scanner.takeString());
                    case VIOLATIONS -> violations();
                    default -> {}
                }
            }
        }
    }

    private void violations() {
        if (scanner.type() != JsonType.ARRAY) return;
        scanner.enter();
        while (scanner.nextElement()) {
            if (scanner.type() != JsonType.OBJECT) continue;
            scanner.enter();
            while (scanner.nextMember()) {
                if (scanner.key(FIELDS) != Field.QUOTA_ID) continue;
                String quota = scanner.takeString();
                if (quota != null && quota.contains("PerDay")) reason = quota;
            }
        }
    }

    private void detail(Place place) {
        if (scanner.type() != JsonType.ARRAY) {
            value(place);
            return;
        }
        StringBuilder all = new StringBuilder();
        scanner.enter();
        while (scanner.nextElement()) {
            String complaint = scanner.type() == JsonType.OBJECT ? complaint() : scanner.takeString();
            if (complaint == null || all.length() > PlainText.MAX_MESSAGE) continue;
            all.append(all.isEmpty() ? "" : "; ").append(complaint);
        }
        if (!all.isEmpty() && place.compareTo(messagePlace) < 0) {
            message = all.toString();
            messagePlace = place;
        }
    }

    /** One complaint of FastAPI: where and what. */
    private @Nullable String complaint() {
        String where = null;
        String what = null;
        scanner.enter();
        while (scanner.nextMember()) {
            Field field = scanner.key(FIELDS);
            if (field == Field.LOC) where = path();
            else if (field == Field.MSG || field == Field.MESSAGE) what = scanner.takeString();
        }
        if (what == null) return null;
        if (where == null || where.isEmpty()) return what;
        if (param == null) param = where;
        return where + ": " + what;
    }

    /** The path of a field without its first step, which is where the request had it. */
    private @Nullable String path() {
        if (scanner.type() != JsonType.ARRAY) return null;
        StringBuilder path = new StringBuilder();
        scanner.enter();
        while (scanner.nextElement()) {
            String step = wordAtCursor();
            if (step == null || step.equals("body") || path.length() > MAX_WORD) continue;
            path.append(path.isEmpty() ? "" : ".").append(step);
        }
        return path.toString();
    }

    private void message(Place place) {
        String told = scanner.takeString();
        if (told == null || told.isBlank() || place.compareTo(messagePlace) >= 0) return;
        message = told;
        messagePlace = place;
    }

    private void code(Place place) {
        String told = wordAtCursor();
        if (told == null || told.isEmpty() || place.compareTo(codePlace) >= 0) return;
        code = told;
        codePlace = place;
    }

    private void type(Place place) {
        String told = scanner.takeString();
        // "type": "error" beside an error object or a message says nothing about its class.
        if (told == null || told.isEmpty() || told.toLowerCase(Locale.ROOT).equals("error")) return;
        if (place.compareTo(typePlace) >= 0) return;
        type = told;
        typePlace = place;
    }

    /** {@code com.amazon.coral.service#ThrottlingException:http://…}: the class name is the code. */
    private void awsType() {
        String told = scanner.takeString();
        if (told == null || code != null) return;
        int colon = told.indexOf(':');
        String name = colon < 0 ? told : told.substring(0, colon);
        code = name.substring(name.indexOf('#') + 1);
        codePlace = Place.TOP;
    }

    private @Nullable String wordAtCursor() {
        if (scanner.type() != JsonType.NUMBER) return scanner.takeString();
        if (!scanner.skip()) return null;
        return new String(json, scanner.valueFrom(), scanner.valueTo() - scanner.valueFrom(), UTF_8);
    }
}
