package dev.sluice.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataAddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.170.2",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "fe80::a9fe:a9fe",
                "fd00:ec2::254",
                "fd20:ce::254",
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::"
            })
    void nobodyIsLedToTheSecretsOfAMachine(String address) {
        assertThat(MetadataAddresses.contains(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "192.168.1.1",
                "100.100.100.201",
                "8.8.8.8",
                "::1",
                "fd00::1",
                "64:ff9b::808:808"
            })
    void otherAddressesMayBeServices(String address) {
        assertThat(MetadataAddresses.contains(InetAddress.ofLiteral(address))).isFalse();
    }
}
