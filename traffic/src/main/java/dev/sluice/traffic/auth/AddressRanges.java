package dev.sluice.traffic.auth;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that something is allowed to or believed from, read once: single addresses and CIDR ranges of IPv4 and IPv6. What cannot
 * be read contains nothing.
 */
public final class AddressRanges {
    /** Lists are few and long-lived (they come from settings); the bound only guards against endless edits. */
    private static final int MAX_KNOWN = 4096;

    private static final ConcurrentMap<List<String>, AddressRanges> KNOWN = new ConcurrentHashMap<>();

    public static final AddressRanges NONE = parse(List.of());

    private final IpAddress[] networks;
    private final int[] prefixes;

    private AddressRanges(IpAddress[] networks, int[] prefixes) {
        this.networks = networks;
        this.prefixes = prefixes;
    }

    static AddressRanges of(List<String> ranges) {
        AddressRanges known = KNOWN.get(ranges);
        if (known != null) return known;
        if (KNOWN.size() >= MAX_KNOWN) KNOWN.clear();
        return KNOWN.computeIfAbsent(ranges, AddressRanges::parse);
    }

    public static AddressRanges parse(List<String> ranges) {
        IpAddress[] networks = new IpAddress[ranges.size()];
        int[] prefixes = new int[ranges.size()];
        int count = 0;
        for (String range : ranges) {
            int slash = range.indexOf('/');
            String text = slash < 0 ? range : range.substring(0, slash);
            IpAddress network = IpAddress.parse(text.strip());
            if (network == null) continue;
            // An IPv4 range may be written in its IPv6 form, ::ffff:10.0.0.0/104.
            boolean mapped = network.v4() && text.indexOf(':') >= 0;
            int bits = network.v4() ? 32 : 128;
            int prefix = slash < 0
                    ? bits
                    : prefix(range.substring(slash + 1).strip(), mapped ? 128 : bits) - (mapped ? 96 : 0);
            if (prefix < 0) continue;
            networks[count] = network;
            prefixes[count] = prefix;
            count++;
        }
        return new AddressRanges(Arrays.copyOf(networks, count), Arrays.copyOf(prefixes, count));
    }

    public boolean contains(@Nullable IpAddress address) {
        if (address == null) return false;
        for (int i = 0; i < networks.length; i++) {
            if (networks[i].sharesPrefix(address, prefixes[i])) return true;
        }
        return false;
    }

    /** Whether a text is an address or a range of them. */
    public static boolean isRange(String text) {
        return !parse(List.of(text)).isEmpty();
    }

    public boolean isEmpty() {
        return networks.length == 0;
    }

    /** Reads the length of a prefix; a negative number that stays negative when it is not one. */
    private static int prefix(String digits, int max) {
        if (digits.isEmpty() || digits.length() > 3) return Integer.MIN_VALUE / 2;
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') return Integer.MIN_VALUE / 2;
            value = value * 10 + c - '0';
        }
        return value <= max ? value : Integer.MIN_VALUE / 2;
    }
}
