package dev.sluice.settings;

import dev.sluice.settings.binding.Messages;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and checks the network addresses that settings hold. Never asks DNS. */
final class NetworkAddress {
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final java.util.regex.Pattern HOST =
            java.util.regex.Pattern.compile(LABEL + "(\\." + LABEL + ")*\\.?");
    private static final java.util.regex.Pattern IPV4 =
            java.util.regex.Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|$)){4}");
    private static final java.util.regex.Pattern DIGITS_AND_DOTS = java.util.regex.Pattern.compile("[0-9.]+");

    private NetworkAddress() {}

    /** What is wrong with a host name or literal address (IPv6 without brackets); null if nothing is. */
    static @Nullable String hostProblem(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.indexOf(':') >= 0) return isIpv6(lower) ? null : "is no IPv6 address";
        if (DIGITS_AND_DOTS.matcher(lower).matches() && !IPV4.matcher(lower).matches()) return "is no IPv4 address";
        return lower.length() <= 253 && HOST.matcher(lower).matches() ? null : "is no host name";
    }

    static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches() && !text.endsWith(".");
    }

    /** Whether a text is an IPv6 address, without brackets and zone. */
    static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) return false;
        String[] sides = gap < 0 ? new String[] {text} : new String[] {text.substring(0, gap), text.substring(gap + 2)};
        int groups = 0;
        for (int s = 0; s < sides.length; s++) {
            if (sides[s].isEmpty()) {
                if (gap < 0) return false;
                continue;
            }
            String[] parts = sides[s].split(":", -1);
            for (int i = 0; i < parts.length; i++) {
                boolean last = s == sides.length - 1 && i == parts.length - 1;
                if (last && isIpv4(parts[i])) groups += 2;
                else if (parts[i].matches("[0-9a-fA-F]{1,4}")) groups++;
                else return false;
            }
        }
        return gap < 0 ? groups == 8 : groups < 8;
    }

    /** What is wrong with an address or a range in CIDR notation; null if nothing is. */
    static @Nullable String rangeProblem(String range) {
        int slash = range.indexOf('/');
        String address = slash < 0 ? range : range.substring(0, slash);
        int bits = isIpv4(address) ? 32 : address.indexOf(':') >= 0 && isIpv6(address) ? 128 : 0;
        if (bits == 0) return "is no address or range";
        if (slash < 0) return null;
        String length = range.substring(slash + 1);
        boolean good = length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= bits;
        return good ? null : "has a prefix length that is not 0 to " + bits;
    }

    /** What is wrong with {@code host:port}; null if nothing is. */
    static @Nullable String nodeProblem(String node) {
        int colon = node.lastIndexOf(':');
        if (colon <= 0) return "has no port";
        String host = node.substring(0, colon);
        if (host.startsWith("[")) {
            if (!host.endsWith("]") || !isIpv6(host.substring(1, host.length() - 1))) return "is no IPv6 address";
        } else {
            if (host.indexOf(':') >= 0) return "is IPv6 without brackets";
            String wrong = hostProblem(host);
            if (wrong != null) return wrong;
        }
        String port = node.substring(colon + 1);
        boolean good = port.matches("[0-9]{1,5}") && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65535;
        return good ? null : "has a port that is not 1 to 65535";
    }

    /** What is wrong with a base URL; empty if nothing is. Never quotes a password. */
    static Optional<String> urlProblem(String url) {
        String expected = " (expected: http://host[:port]/base or https://host[:port]/base)";
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of((url.indexOf('@') < 0 ? Messages.quote(url) : "the text") + " is no URL" + expected);
        }
        if (uri.getRawUserInfo() != null
                || uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0)
            return Optional.of("a URL with credentials (expected: none; use keys)");
        String quoted = Messages.quote(url);
        String scheme = uri.getScheme();
        if (scheme == null || !scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https"))
            return Optional.of(quoted + " is neither http nor https" + expected);
        String host = uri.getHost();
        if (host == null || host.isEmpty()) return Optional.of(quoted + " has no valid host" + expected);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String wrong = hostProblem(bare);
        if (wrong != null) return Optional.of("the host of " + quoted + " " + wrong + expected);
        if (uri.getPort() == 0 || uri.getPort() > 65535)
            return Optional.of(quoted + " has a port that is not 1 to 65535" + expected);
        if (uri.getRawQuery() != null) return Optional.of(quoted + " has a query" + expected);
        if (uri.getRawFragment() != null) return Optional.of(quoted + " has a fragment" + expected);
        return Optional.empty();
    }
}
