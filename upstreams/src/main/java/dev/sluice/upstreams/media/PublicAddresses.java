package dev.sluice.upstreams.media;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Which addresses belong to the public internet; all others may be inside of the operator's network (RFC 6890). */
final class PublicAddresses {
    private PublicAddresses() {}

    static boolean contains(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) return false;
        return switch (address) {
            case Inet4Address v4 -> isPublic(v4.getAddress());
            case Inet6Address v6 -> isPublic(v6);
            default -> false;
        };
    }

    private static boolean isPublic(byte[] v4) {
        int a = v4[0] & 0xFF;
        int b = v4[1] & 0xFF;
        int c = v4[2] & 0xFF;
        if (a == 0 || a >= 240) return false;
        // carrier-grade NAT, benchmarks, protocol assignments, documentation
        if (a == 100 && b >= 64 && b < 128) return false;
        if (a == 198 && (b == 18 || b == 19)) return false;
        if (a == 192 && b == 0 && (c == 0 || c == 2)) return false;
        return !(a == 198 && b == 51 && c == 100) && !(a == 203 && b == 0 && c == 113);
    }

    private static boolean isPublic(Inet6Address v6) {
        byte[] bytes = v6.getAddress();
        // unique local, documentation, discard
        if ((bytes[0] & 0xFE) == 0xFC) return false;
        if (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0D && (bytes[3] & 0xFF) == 0xB8) return false;
        if (bytes[0] == 0x01 && bytes[1] == 0) return false;
        // 6to4, Teredo and NAT64 carry an IPv4 address, which then counts.
        if (bytes[0] == 0x20 && bytes[1] == 0x02) return isPublicV4(Arrays.copyOfRange(bytes, 2, 6));
        if (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0) return false;
        if (bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xFF) == 0xFF && (bytes[3] & 0xFF) == 0x9B)
            return isPublicV4(Arrays.copyOfRange(bytes, 12, 16));
        return !v6.isIPv4CompatibleAddress();
    }

    private static boolean isPublicV4(byte[] v4) {
        try {
            return contains(InetAddress.getByAddress(v4));
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
