package dev.sluice.upstreams;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;

/**
 * Where clouds hand their machines credentials, to everybody who asks from inside: the link-local addresses, and what some
 * clouds use beside them. No setting and no request should lead there.
 */
public final class MetadataAddresses {
    /** Of Alibaba Cloud, Azure, Oracle Cloud; over IPv6 of AWS (machines, pods) and Google Cloud. */
    private static final Set<InetAddress> OTHERS = Set.of(
            InetAddress.ofLiteral("100.100.100.200"),
            InetAddress.ofLiteral("168.63.129.16"),
            InetAddress.ofLiteral("192.0.0.192"),
            InetAddress.ofLiteral("fd00:ec2::254"),
            InetAddress.ofLiteral("fd00:ec2::23"),
            InetAddress.ofLiteral("fd20:ce::254"));

    private MetadataAddresses() {}

    public static boolean contains(InetAddress address) {
        if (address.isLinkLocalAddress() || OTHERS.contains(address)) return true;
        return address instanceof Inet6Address v6 && carriesOne(v6);
    }

    /** IPv6 addresses that are translated into IPv4 ones on their way: 6to4, NAT64, and the old compatible ones. */
    private static boolean carriesOne(Inet6Address v6) {
        byte[] bytes = v6.getAddress();
        if (bytes[0] == 0x20 && bytes[1] == 0x02) return contains(bytes, 2);
        boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xFF) == 0xFF && (bytes[3] & 0xFF) == 0x9B;
        return (nat64 || v6.isIPv4CompatibleAddress()) && contains(bytes, 12);
    }

    private static boolean contains(byte[] bytes, int from) {
        try {
            return contains(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("four bytes are an address", e);
        }
    }
}
