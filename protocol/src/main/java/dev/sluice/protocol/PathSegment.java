package dev.sluice.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One segment of a URL's path. */
public final class PathSegment {
    private static final String UNRESERVED = "-._~";
    private static final String HEX = "0123456789ABCDEF";

    private PathSegment() {}

    /** Percent-encodes all but letters, digits and {@code -._~}: a model id may hold slashes and colons. */
    public static String encode(String segment) {
        StringBuilder out = new StringBuilder(segment.length() + 16);
        for (byte b : segment.getBytes(UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED.indexOf(c) >= 0)
                out.append(c);
            else out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
        }
        return out.toString();
    }
}
