package dev.sluice.proxy;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the form of a request that could be read: what servers read in different ways, or what has no place in
 * a call. Such a request is refused and its connection closed, because where the next one begins is in doubt.
 */
final class RequestForm {
    private static final CharSequence TRANSFER_ENCODING = HttpHeaders.createOptimized("transfer-encoding");

    private RequestForm() {}

    /** What is wrong, as the caller is told; null if nothing is. */
    static @Nullable String problem(HttpServerRequest request) {
        boolean http2 = request.version() == HttpVersion.HTTP_2;
        String wrong = http2 ? fields(request.headers()) : framing(request);
        if (wrong == null) wrong = http2 ? authority(request) : host(request);
        if (wrong == null) wrong = target(request.uri(), request.path());
        return wrong == null ? query(request.uri()) : wrong;
    }

    static boolean isDecodable(String coding) {
        return coding.equalsIgnoreCase("gzip")
                || coding.equalsIgnoreCase("x-gzip")
                || coding.equalsIgnoreCase("identity");
    }

    private static @Nullable String framing(HttpServerRequest request) {
        String coding = request.getHeader(TRANSFER_ENCODING);
        if (coding == null) return null;
        if (request.version() == HttpVersion.HTTP_1_0) return "HTTP/1.0 knows no transfer-encoding";
        boolean chunked = coding.equalsIgnoreCase("chunked")
                && request.headers().getAll(TRANSFER_ENCODING).size() == 1;
        return chunked ? null : "the transfer-encoding is not supported (expected: chunked, once)";
    }

    /** HTTP/2 carries any bytes, and the upstream may speak HTTP/1, where some of them end a line. The decoder of HTTP/1 looks itself. */
    private static @Nullable String fields(MultiMap headers) {
        for (Map.Entry<String, String> field : headers) {
            if (HttpHeaderValidationUtil.validateToken(field.getKey()) >= 0)
                return "the name of a header holds a character that is not allowed there";
            if (HttpHeaderValidationUtil.validateValidHeaderValue(field.getValue()) >= 0)
                return "the value of a header holds a character that is not allowed there";
        }
        return null;
    }

    /** Servers go by one or the other, so both must say the same. */
    private static @Nullable String authority(HttpServerRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        HostAndPort authority = request.authority();
        if (authority == null) return host == null ? "the authority is missing" : host(request);
        if (host != null && !host.equalsIgnoreCase(authority.toString()))
            return "the host header is another than the authority";
        if (host != null) return host(request);
        return isHost(authority.toString()) ? null : "the authority is not a host";
    }

    private static @Nullable String host(HttpServerRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host == null) return request.version() == HttpVersion.HTTP_1_0 ? null : "the host header is missing";
        List<String> all = request.headers().getAll(HttpHeaders.HOST);
        if (all.size() > 1) return "there is more than one host header";
        return isHost(host) ? null : "the host header is not a host";
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c > '~' || c == '/' || c == '\\' || c == '@' || c == ',' || c == '?' || c == '#')
                return false;
        }
        return true;
    }

    private static @Nullable String query(String uri) {
        for (int i = uri.indexOf('?'); i >= 0 && i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c == 0x7f) return "the query holds a character that must be percent-encoded";
        }
        return null;
    }

    private static @Nullable String target(String uri, @Nullable String path) {
        if (uri.isEmpty() || uri.charAt(0) != '/' || path == null)
            return "the request target is not a path (expected: /path?query)";
        int segment = 1;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c == '\\' || c == 0x7f) return "the path holds a character that must be percent-encoded";
            if (c == '%') {
                String wrong = encoded(path, i);
                if (wrong != null) return wrong;
            }
            if (c == '/') segment = i + 1;
            else if (c == '%' && isSeparator(path, i)) {
                segment = i + 3;
                i += 2;
            }
            boolean lastOfSegment = i + 1 == path.length() || path.charAt(i + 1) == '/' || isSeparator(path, i + 1);
            if (lastOfSegment && i >= segment && isDots(path, segment, i + 1)) return "the path holds a dot segment";
        }
        return null;
    }

    /** Whether a slash or a backslash stands here in its encoding, which the next server may decode before it looks at the path. */
    private static boolean isSeparator(String path, int at) {
        return at < path.length()
                && path.charAt(at) == '%'
                && (path.startsWith("2f", at + 1)
                        || path.startsWith("2F", at + 1)
                        || path.startsWith("5c", at + 1)
                        || path.startsWith("5C", at + 1));
    }

    /** Whether a slash is encoded in a path, as only the name of a model may hold it, which is never sent on as it is. */
    static boolean hasEncodedSlash(String path) {
        for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) if (isSeparator(path, i)) return true;
        return false;
    }

    private static @Nullable String encoded(String path, int at) {
        if (at + 2 >= path.length()) return "the path holds a broken percent-encoding";
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        if (high < 0 || low < 0) return "the path holds a broken percent-encoding";
        int value = high << 4 | low;
        return value < ' ' || value == 0x7f ? "the path holds an encoded control character" : null;
    }

    /** Whether a segment is {@code .} or {@code ..}, in whatever spelling. */
    private static boolean isDots(String path, int from, int to) {
        int dots = 0;
        int at = from;
        while (at < to) {
            if (path.charAt(at) == '.') at++;
            else if (path.startsWith("%2e", at) || path.startsWith("%2E", at)) at += 3;
            else return false;
            if (++dots > 2) return false;
        }
        return dots > 0;
    }
}
