package dev.sluice.settings;

/** Rules for names of HTTP headers. */
final class HttpToken {
    private static final java.util.regex.Pattern TOKEN =
            java.util.regex.Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");

    private HttpToken() {}

    static boolean isValid(String name) {
        return TOKEN.matcher(name).matches();
    }
}
