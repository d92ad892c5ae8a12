package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import dev.sluice.simulator.SimulatorOptions;
import dev.sluice.simulator.dns.NameServer;
import dev.sluice.upstreams.source.DnsResolver;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services at IPv4 and IPv6 addresses, by name over a real name server and by number. Needs the loopback addresses of both. */
class DnsAddressTest {
    private static final String NAME = "llm.example";
    private static final int SHORT_TTL_SECONDS = 1;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final NameServer names = opened(NameServer.start());
    private final DnsResolver resolver = opened(DnsResolver.of(names.address()));
    private final Simulator four = opened(Simulator.start());
    private final Simulator six =
            opened(Simulator.start(SimulatorOptions.USUAL.withHost("::1").withPort(four.port())));

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
    }

    @Test
    void bothKindsOfRecordsOfOneNameGetCalls() {
        names.put(NAME, SHORT_TTL_SECONDS, "127.0.0.1", "::1");
        GatewayUnderTest gateway = start("dns: [\"" + NAME + ":" + four.port() + "\"]");
        GatewayUnderTest.await("both are known", () -> addresses(gateway).size() == 2);
        assertThat(addresses(gateway)).containsExactlyInAnyOrder("127.0.0.1:" + four.port(), "[::1]:" + four.port());
        for (int i = 0; i < 6; i++) call(gateway);
        for (Simulator node : List.of(four, six)) {
            assertThat(node.journal().size()).isEqualTo(3);
            assertThat(node.journal().last().header("host")).contains(NAME + ":" + four.port());
        }
    }

    @Test
    void anAddressIsLeftWhenItsRecordIsGoneAndATimeToLiveLater() {
        names.put(NAME, SHORT_TTL_SECONDS, "127.0.0.1", "::1");
        GatewayUnderTest gateway = start("dns: [\"" + NAME + ":" + four.port() + "\"]");
        GatewayUnderTest.await("both are known", () -> addresses(gateway).size() == 2);
        names.put(NAME, SHORT_TTL_SECONDS, "::1");
        GatewayUnderTest.await("one is left", () -> {
            call(gateway);
            return addresses(gateway).size() == 1;
        });
        int before = four.journal().size();
        for (int i = 0; i < 6; i++) call(gateway);
        assertThat(four.journal().size()).isEqualTo(before);
        names.put(NAME, SHORT_TTL_SECONDS, "127.0.0.1");
        GatewayUnderTest.await("the other takes over", () -> {
            call(gateway);
            return four.journal().size() > before;
        });
    }

    @Test
    void anIpv6AddressInBracketsIsANode() {
        GatewayUnderTest gateway = start("fixed: [\"[::1]:" + six.port() + "\"]");
        call(gateway);
        assertThat(six.journal().last().header("host")).contains("[::1]:" + six.port());
        assertThat(addresses(gateway)).containsExactly("[::1]:" + six.port());
    }

    @Test
    void aUrlMayNameAnIpv6Address() {
        GatewayUnderTest gateway = start("url: \"http://[::1]:" + six.port() + "/v1\"");
        call(gateway);
        assertThat(six.journal().last().header("host")).contains("[::1]:" + six.port());
    }

    private static void call(GatewayUnderTest gateway) {
        Reply reply = gateway.call("/v1/chat/completions", GatewayUnderTest.chat());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("1");
    }

    private static List<String> addresses(GatewayUnderTest gateway) {
        JsonObject runtime = gateway.adminGet("/admin/v1/services/llm").getJsonObject("runtime");
        return runtime.getJsonArray("nodes").stream()
                .map(node -> ((JsonObject) node).getString("address"))
                .toList();
    }

    private GatewayUnderTest start(String address) {
        return opened(
                GatewayUnderTest.start(folder, """
                services:
                  - { name: llm, address: { %s }, balance: { policy: round-robin } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: llm } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(address, GatewayUnderTest.KEY), Optional.of(resolver)));
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }
}
