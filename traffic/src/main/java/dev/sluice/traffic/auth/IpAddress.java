package dev.sluice.traffic.auth;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A literal IP address. IPv4 in its IPv6 form ({@code ::ffff:10.0.0.1}, which dual-stack sockets report) is IPv4.
 *
 * @param high upper half of an IPv6 address, 0 for IPv4
 * @param low lower half of an IPv6 address, or the 32 bits of an IPv4 address
 */
public record IpAddress(boolean v4, long high, long low) {
    /** Reads a literal without a port or brackets; a zone ({@code %eth0}) is ignored; null if it is none. */
    public static @Nullable IpAddress parse(String text) {
        if (text.indexOf(':') >= 0) {
            int zone = text.indexOf('%');
            return parseV6(text, zone < 0 ? text.length() : zone);
        }
        long v4 = parseV4(text, 0, text.length());
        return v4 < 0 ? null : new IpAddress(true, 0, v4);
    }

    /** Whether the first bits agree with those of another address of the same family. */
    boolean sharesPrefix(IpAddress other, int bits) {
        if (v4 != other.v4) return false;
        if (v4) return bits == 0 || (low ^ other.low) >>> (32 - bits) == 0;
        if (bits == 0) return true;
        if (bits <= 64) return (high ^ other.high) >>> (64 - bits) == 0;
        return high == other.high && (low ^ other.low) >>> (128 - bits) == 0;
    }

    /** The 32 bits of a dotted address, -1 if it is none. */
    private static long parseV4(String text, int from, int to) {
        long bits = 0;
        int parts = 0;
        int at = from;
        while (parts < 4) {
            int value = 0;
            int start = at;
            while (at < to && at - start < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                value = value * 10 + text.charAt(at++) - '0';
            }
            if (at == start || value > 255) return -1;
            bits = bits << 8 | value;
            parts++;
            if (parts < 4 && (at == to || text.charAt(at++) != '.')) return -1;
        }
        return at == to ? bits : -1;
    }

    private static @Nullable IpAddress parseV6(String text, int to) {
        int[] groups = new int[8];
        int count = 0;
        // How many groups stand in front of "::", -1 without one.
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < to) {
            if (count == 8) return null;
            int end = at;
            while (end < to && text.charAt(end) != ':') end++;
            if (end == to && text.substring(at, to).indexOf('.') >= 0) {
                long v4 = parseV4(text, at, to);
                if (v4 < 0 || count > 6) return null;
                groups[count++] = (int) (v4 >>> 16);
                groups[count++] = (int) (v4 & 0xffff);
                break;
            }
            int value = hex(text, at, end);
            if (value < 0) return null;
            groups[count++] = value;
            if (end == to) break;
            at = end + 1;
            if (at == to) return null;
            if (text.charAt(at) == ':') {
                if (gap >= 0) return null;
                gap = count;
                at++;
            }
        }
        if (gap < 0 ? count != 8 : count > 7) return null;
        if (gap >= 0) {
            int behind = count - gap;
            System.arraycopy(groups, gap, groups, 8 - behind, behind);
            Arrays.fill(groups, gap, 8 - behind, 0);
        }
        long high = joined(groups, 0);
        long low = joined(groups, 4);
        if (high == 0 && low >>> 32 == 0xffff) return new IpAddress(true, 0, low & 0xffff_ffffL);
        return new IpAddress(false, high, low);
    }

    private static long joined(int[] groups, int from) {
        return (long) groups[from] << 48
                | (long) groups[from + 1] << 32
                | (long) groups[from + 2] << 16
                | groups[from + 3];
    }

    private static int hex(String text, int from, int to) {
        if (from == to || to - from > 4) return -1;
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.charAt(i) > 'f') return -1;
            value = value << 4 | digit;
        }
        return value;
    }
}
