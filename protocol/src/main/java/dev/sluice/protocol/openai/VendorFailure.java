package dev.sluice.protocol.openai;

import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;

/** How vendors say "this success is a failure", told from single members while an object is read. */
final class VendorFailure {
    private enum Word {
        ERROR,
        OTHER
    }

    private enum BaseResponse {
        STATUS_CODE,
        OTHER
    }

    private static final Keys<Word> WORDS = Keys.of(Word.class, Word.OTHER);
    private static final Keys<BaseResponse> BASE_RESPONSE = Keys.of(BaseResponse.class, BaseResponse.OTHER);
    private static final long HTTP_OK = 200;

    private VendorFailure() {}

    /** The value of an {@code error} member: anything but null, false and an empty string. */
    static boolean isError(JsonScanner scanner) {
        return switch (scanner.type()) {
            case OBJECT, ARRAY, TRUE -> true;
            case STRING -> scanner.skip() && scanner.valueTo() - scanner.valueFrom() > 2;
            case NUMBER -> scanner.takeLong(0) != 0;
            case FALSE, NULL, INVALID -> false;
        };
    }

    /** The value of an {@code object} member: {@code error} in the flat form of vLLM and Mistral. */
    static boolean isErrorObject(byte[] json, JsonScanner scanner) {
        return scanner.type() == JsonType.STRING
                && scanner.skip()
                && WORDS.find(json, scanner.valueFrom() + 1, scanner.valueTo() - 1) == Word.ERROR;
    }

    /** The value of MiniMax' {@code base_resp}: a status code that is not 0. */
    static boolean isFailedStatus(JsonScanner scanner) {
        if (scanner.type() != JsonType.OBJECT) return false;
        boolean failed = false;
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(BASE_RESPONSE) == BaseResponse.STATUS_CODE) failed = scanner.takeLong(0) != 0;
        }
        return failed;
    }

    /** The value of a {@code code} member beside the answer: a number but 0 and 200, or a word that is neither. */
    static boolean isFailureCode(byte[] json, JsonScanner scanner) {
        if (scanner.type() == JsonType.NUMBER) {
            long code = scanner.takeLong(0);
            return code != 0 && code != HTTP_OK;
        }
        if (scanner.type() != JsonType.STRING || !scanner.skip()) return false;
        int from = scanner.valueFrom() + 1;
        int to = scanner.valueTo() - 1;
        if (to - from == 3) return json[from] != '2' || json[from + 1] != '0' || json[from + 2] != '0';
        return to > from && (to - from > 1 || json[from] != '0');
    }
}
