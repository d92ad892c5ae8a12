package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Balancers;
import dev.sluice.proxy.Sessions;
import dev.sluice.proxy.Transport;
import dev.sluice.simulator.Simulator;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a client is that comes through others. */
class ClientAddressTest {
    private static final String OFFICE_KEY = "sk-office-0123456789";
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    Path folder;

    private Simulator provider;

    @BeforeEach
    void start() {
        provider = Simulator.start();
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private GatewayUnderTest gateway(Transport transport) {
        return GatewayUnderTest.start(
                folder, """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                  - { name: office-key, consumer: caller, secret: %s, allowedIps: [203.0.113.9] }
                """.formatted(provider.url(), GatewayUnderTest.KEY, OFFICE_KEY), transport, null);
    }

    private static Transport behind(String... balancers) {
        return Transport.PLAIN.with(new Balancers(List.of(balancers), false));
    }

    private static String seen(GatewayUnderTest gateway, String... headers) {
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat(), headers);
        assertThat(reply.status()).isEqualTo(200);
        return gateway.record(reply.header("x-request-id")).remoteIp();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9                         | 203.0.113.9",
                "6.6.6.6, 203.0.113.9                | 203.0.113.9",
                "203.0.113.9, 10.1.1.1, 10.2.2.2     | 203.0.113.9",
                "6.6.6.6,203.0.113.9 ,10.1.1.1       | 203.0.113.9",
                "203.0.113.9:4711, 10.1.1.1:80       | 203.0.113.9",
                "[2001:db8::9]:4711                  | 2001:db8::9",
                "2001:db8::9                         | 2001:db8::9",
                "10.3.3.3, 10.1.1.1                  | 10.3.3.3",
                "203.0.113.9, unknown, 10.1.1.1      | 10.1.1.1",
                "nonsense                            | 127.0.0.1",
                "203.0.113.9,                        | 127.0.0.1",
            })
    void theRightmostAddressThatIsNoBalancerIsTheClient(String forwarded, String client) {
        try (GatewayUnderTest gateway = gateway(behind("127.0.0.1", "10.0.0.0/8"))) {
            assertThat(seen(gateway, "x-forwarded-for", forwarded)).isEqualTo(client);
        }
    }

    @Test
    void severalHeadersAreOneList() {
        try (GatewayUnderTest gateway = gateway(behind("127.0.0.1", "10.0.0.0/8"))) {
            assertThat(seen(
                            gateway,
                            "x-forwarded-for",
                            "6.6.6.6",
                            "x-forwarded-for",
                            "203.0.113.9",
                            "x-forwarded-for",
                            "10.1.1.1"))
                    .isEqualTo("203.0.113.9");
            assertThat(seen(gateway)).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void nobodyElseIsBelieved() {
        for (Transport transport : List.of(Transport.PLAIN, behind("10.0.0.0/8"))) {
            try (GatewayUnderTest gateway = gateway(transport)) {
                assertThat(seen(gateway, "x-forwarded-for", "203.0.113.9")).isEqualTo("127.0.0.1");
                assertThat(gateway.callAs(OFFICE_KEY, CHAT, GatewayUnderTest.chat(), "x-forwarded-for", "203.0.113.9")
                                .status())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void aKeyIsBoundToTheClientAndNotToWhatTheClientSays() {
        try (GatewayUnderTest gateway = gateway(behind("127.0.0.1"))) {
            String[] real = {"x-forwarded-for", "203.0.113.9"};
            String[] forged = {"x-forwarded-for", "203.0.113.9, 198.51.100.7"};
            assertThat(gateway.callAs(OFFICE_KEY, CHAT, GatewayUnderTest.chat(), real)
                            .status())
                    .isEqualTo(200);
            assertThat(gateway.callAs(OFFICE_KEY, CHAT, GatewayUnderTest.chat(), forged)
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whereAClientSaysItIsDoesNotTravelOn() {
        try (GatewayUnderTest gateway = gateway(behind("127.0.0.1"))) {
            seen(gateway, "x-forwarded-for", "203.0.113.9", "forwarded", "for=203.0.113.9");
            assertThat(provider.journal().calls().getLast().header("x-forwarded-for"))
                    .isEmpty();
            assertThat(provider.journal().calls().getLast().header("forwarded")).isEmpty();
        }
    }

    @Test
    void connectionsOfBalancersAreNotCountedByAddress() {
        Transport some = behind("127.0.0.1");
        Transport one = new Transport(
                null,
                null,
                false,
                some.maxHeaderBytes(),
                some.maxUrlBytes(),
                some.headTimeout(),
                some.bodyTimeout(),
                some.idleTimeout(),
                some.maxConnections(),
                1,
                some.maxStreams(),
                Sessions.USUAL,
                some.balancers());
        try (GatewayUnderTest gateway = gateway(one);
                RawConnection first = gateway.connect();
                RawConnection second = gateway.connect()) {
            for (RawConnection connection : List.of(first, second)) {
                assertThat(connection
                                .send("GET /v1/nothing HTTP/1.1\r\nhost: x\r\n\r\n")
                                .answer()
                                .status())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void theProxyProtocolSaysWhereAClientIs() {
        try (GatewayUnderTest gateway = gateway(Transport.PLAIN.with(new Balancers(List.of(), true)));
                RawConnection client = gateway.connect();
                RawConnection bare = gateway.connect()) {
            String body = GatewayUnderTest.chat();
            String request = "POST " + CHAT + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + OFFICE_KEY
                    + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
            RawConnection.Answer answer = client.send("PROXY TCP4 203.0.113.9 127.0.0.1 4711 80\r\n" + request)
                    .answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(gateway.recordOfModel("gpt-4o").remoteIp()).isEqualTo("203.0.113.9");
            // Two requests in different ways of one server would be none: heads are still read strictly.
            assertThat(client.send(request.replace("content-length", "host: y\r\ncontent-length"))
                            .answer()
                            .status())
                    .isEqualTo(400);
            bare.send(request);
            assertThat(bare.endsHere()).isTrue();
        }
    }
}
