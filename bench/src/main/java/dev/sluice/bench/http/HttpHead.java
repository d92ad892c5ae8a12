package dev.sluice.bench.http;

/** Looks into the head of an HTTP/1.1 message that lies in a byte array. Names are ASCII and given in lower case. */
public final class HttpHead {
    private HttpHead() {}

    /** Offset behind the empty line that ends the head, or -1 if it has not come yet. */
    public static int end(byte[] bytes, int from, int to) {
        for (int i = from + 3; i < to; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') return i + 1;
        }
        return -1;
    }

    /** The status code of an answer's first line, or -1 if it is none. */
    public static int status(byte[] bytes, int from, int headEnd) {
        if (headEnd - from < 13 || bytes[from] != 'H' || bytes[from + 8] != ' ') return -1;
        int status = 0;
        for (int i = from + 9; i < from + 12; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) return -1;
            status = status * 10 + digit;
        }
        return status;
    }

    /** The value of Content-Length, or -1 if there is none that is a number. */
    public static long contentLength(byte[] bytes, int from, int headEnd) {
        int at = valueOf("content-length", bytes, from, headEnd);
        if (at < 0) return -1;
        long length = 0;
        int digits = 0;
        for (; at < headEnd && bytes[at] >= '0' && bytes[at] <= '9' && digits < 18; at++, digits++) {
            length = length * 10 + (bytes[at] - '0');
        }
        return digits == 0 ? -1 : length;
    }

    /** Whether the body comes in chunks. */
    public static boolean isChunked(byte[] bytes, int from, int headEnd) {
        int at = valueOf("transfer-encoding", bytes, from, headEnd);
        return at >= 0 && startsWith("chunked", bytes, at, headEnd);
    }

    /** Whether the sender closes the connection after this message. */
    public static boolean isClosing(byte[] bytes, int from, int headEnd) {
        int at = valueOf("connection", bytes, from, headEnd);
        return at >= 0 && startsWith("close", bytes, at, headEnd);
    }

    /** Offset of the first byte of a header's value, or -1. */
    private static int valueOf(String name, byte[] bytes, int from, int headEnd) {
        for (int i = from; i + 1 < headEnd; i++) {
            if (bytes[i] != '\n') continue;
            int at = i + 1;
            if (!startsWith(name, bytes, at, headEnd)) continue;
            at += name.length();
            if (at >= headEnd || bytes[at] != ':') continue;
            at++;
            while (at < headEnd && (bytes[at] == ' ' || bytes[at] == '\t')) at++;
            return at;
        }
        return -1;
    }

    private static boolean startsWith(String lowerCase, byte[] bytes, int at, int to) {
        if (to - at < lowerCase.length()) return false;
        for (int i = 0; i < lowerCase.length(); i++) {
            int b = bytes[at + i];
            if (b >= 'A' && b <= 'Z') b += 'a' - 'A';
            if (b != lowerCase.charAt(i)) return false;
        }
        return true;
    }
}
