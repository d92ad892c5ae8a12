package dev.sluice.traffic.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangesTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "10.1.2.3/0, 200.1.1.1, true",
        "10.1.2.3/32, 10.1.2.2, false",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
        "::ffff:10.0.0.0/104, 10.1.1.1, true",
        "::ffff:10.0.0.0/104, 11.1.1.1, false",
        "2001:db8::/32, 2001:db8:1::5, true",
        "2001:db8::/32, 2001:db9::5, false",
        "2001:db8::1/128, 2001:db8:0:0:0:0:0:1, true",
        "2001:db8::1/127, 2001:db8::2, false",
        "fe80::/10, fe80::1%eth0, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "::/0, 2001:db8::1, true",
        "::/0, 10.0.0.1, false",
        "0.0.0.0/0, ::1, false",
        "10.0.0.0/33, 10.0.0.1, false",
        "10.0.0.0/x, 10.0.0.1, false",
        "10.0.0.0/-1, 10.0.0.1, false",
        "::ffff:10.0.0.0/90, 10.0.0.1, false",
        "nonsense, 10.0.0.1, false",
        "10.0.0.0/8, nonsense, false",
    })
    void containsAddresses(String range, String address, boolean expected) {
        assertThat(AddressRanges.parse(List.of(range)).contains(IpAddress.parse(address)))
                .isEqualTo(expected);
    }

    @Test
    void oneGoodRangeAmongBadOnesCounts() {
        AddressRanges ranges = AddressRanges.of(List.of("bad", "10.0.0.0/8", "::1"));
        assertThat(ranges.contains(IpAddress.parse("10.9.9.9"))).isTrue();
        assertThat(ranges.contains(IpAddress.parse("::1"))).isTrue();
        assertThat(ranges.contains(IpAddress.parse("9.9.9.9"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.0004",
                "1..2.3",
                "a.b.c.d",
                ":",
                ":::",
                "1:2:3",
                "1::2::3",
                "12345::",
                "::g",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @Property
    void readsEveryIpv6AddressLikeTheJdk(@ForAll @Size(16) byte[] bits) throws Exception {
        InetAddress expected = InetAddress.getByAddress(bits);
        if (expected instanceof Inet4Address) return;
        ByteBuffer halves = ByteBuffer.wrap(bits);
        IpAddress want = new IpAddress(false, halves.getLong(), halves.getLong());
        assertThat(IpAddress.parse(expected.getHostAddress())).isEqualTo(want);
        assertThat(IpAddress.parse(compressed(expected.getHostAddress()))).isEqualTo(want);
    }

    @Property
    void readsEveryIpv4AddressLikeTheJdk(@ForAll @Size(4) byte[] bits) throws Exception {
        long want = ByteBuffer.wrap(bits).getInt() & 0xffff_ffffL;
        assertThat(IpAddress.parse(InetAddress.getByAddress(bits).getHostAddress()))
                .isEqualTo(new IpAddress(true, 0, want));
    }

    /** Writes the first group that is zero as "::". */
    private static String compressed(String address) {
        String padded = ":" + address + ":";
        int zero = padded.indexOf(":0:");
        if (zero < 0) return address;
        String before = padded.substring(0, zero);
        String after = padded.substring(zero + 2);
        return (before.startsWith(":") ? before.substring(1) : before)
                + "::"
                + (after.equals(":") ? "" : after.substring(1, after.length() - 1));
    }
}
