package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.calls.FaultProxy.Point;
import dev.sluice.proxy.Balancers;
import dev.sluice.proxy.Sessions;
import dev.sluice.proxy.Transport;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad wire between a client and the gateway. What is seen makes the table {@code client-wire} of {@code docs/faults.md}. */
class ClientWireTest {
    private static final String PATH = "/v1/chat/completions";
    private static final Duration PATIENCE_WITH_CLIENTS = Duration.ofMillis(1_500);

    @TempDir
    static Path folder;

    private static final List<Case> CASES = cases();
    private static Simulator provider;
    private static GatewayUnderTest gateway;

    /** One harm to one kind of call, over a wire of its own. */
    private static final class Case extends WireCase {
        final String model;
        String got = "";
        String undisturbed = "";

        Case(String bytes, String harm, String place, boolean translated, boolean stream, int number) {
            super(bytes, harm, place, translated, stream);
            this.model = (translated ? "far-" : "near-") + number;
        }

        /** Whether the gateway hears enough of it to call it a call. */
        boolean isCall() {
            return !(bytes.equals("request") && place.equals("after 1 byte"));
        }

        /** Whether the client is gone before the answer is complete: such a stream never ends by itself. */
        boolean leaves() {
            return bytes.equals("answer") && !losesNothing() && stream;
        }

        void call() {
            try (FaultProxy wire = FaultProxy.to(gateway.gateway().port())) {
                undisturbed = leaves() ? "" : say(wire, "/undisturbed");
                harm(wire);
                got = say(wire, "/" + model);
            }
        }

        private String say(FaultProxy wire, String base) {
            try (RawConnection client = RawConnection.open(wire.port())
                    .post(base + PATH, GatewayUnderTest.chat(model, stream), "connection: close\r\n")) {
                return ClientView.text(client.all())
                        .replaceAll("(x-request-id|x-ratelimit-remaining-concurrency): [^\\r]*", "$1: …")
                        // Where a chunk ends is of no meaning.
                        .replaceAll("\\r\\n[0-9a-f]{1,6}\\r\\n", "");
            }
        }

        @Override
        Point point() {
            return switch (place) {
                case "after 1 byte" -> new Point.AfterBytes(1);
                case "in the body" -> new Point.AfterText("\"messages\"");
                case "after the head" -> new Point.AfterText("\r\n\r\n");
                case "in the content" -> new Point.AfterText("Echo: one");
                case "after the first content" -> new Point.AfterText("Echo:");
                default -> throw new AssertionError(place);
            };
        }

        /** What the client got, in words. */
        String view() {
            if (got.isEmpty()) return "nothing";
            if (got.equals(undisturbed)) return "as sent";
            if (leaves() || undisturbed.startsWith(got)) return "what came until then";
            if (!got.startsWith("HTTP/1.1 4")) return got;
            String body = got.substring(got.indexOf("\r\n\r\n") + 4);
            return "gateway " + new JsonObject(body).getJsonObject("error").getString("code");
        }
    }

    @BeforeAll
    static void callAll() {
        provider = Simulator.start();
        StringBuilder apis = new StringBuilder();
        StringBuilder names = new StringBuilder("undisturbed");
        for (Case c : CASES) {
            apis.append("""
                      - { name: %1$s, basePath: /%1$s, distribution: { strategy: single, targets: [ { service: %2$s } ] } }
                    """.formatted(c.model, c.translated ? "far" : "near"));
            names.append(", ").append(c.model);
        }
        gateway = GatewayUnderTest.start(
                folder,
                """
                services:
                  - { name: near, address: { url: "%1$s/v1" } }
                  - { name: far, provider: anthropic, protocol: native, address: { url: "%1$s" } }
                modelApis:
                %3$s  - name: undisturbed
                    basePath: /undisturbed
                    distribution:
                      strategy: by-model-name
                      targets:
                        - { pattern: "near-*", service: near }
                        - { pattern: "far-*", service: far }
                consumers:
                  - { name: caller, modelApis: [%4$s] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s, limits: { concurrency: 1000 } }
                """.formatted(provider.url(), GatewayUnderTest.KEY, apis, names),
                new Transport(
                        null,
                        null,
                        false,
                        32 << 10,
                        8 << 10,
                        PATIENCE_WITH_CLIENTS,
                        PATIENCE_WITH_CLIENTS,
                        PATIENCE_WITH_CLIENTS,
                        1000,
                        0,
                        10,
                        Sessions.USUAL,
                        Balancers.NONE),
                null);
        for (Case c : CASES) {
            if (c.leaves())
                provider.rules().add(Rule.always("tokens=1000;tps=0.1").forModel(c.model));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CASES.forEach(c -> threads.execute(c::call));
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static List<Case> cases() {
        return WireCase.all(
                ClientWireTest::places,
                (bytes, harm, place, translated, stream, number) ->
                        place.equals(stream ? "in the content" : "after the first content")
                                ? null
                                : new Case(bytes, harm, place, translated, stream, number));
    }

    private static List<String> places(String bytes, String harm) {
        if (bytes.equals("request")) return List.of("after 1 byte", "in the body");
        // An answer that stalls on the wire is no concern of the gateway until its buffers are full.
        return harm.equals("stall")
                ? List.of()
                : List.of("after the head", "in the content", "after the first content");
    }

    @Test
    void everyHarmComesToWhatTheTableSays() {
        FaultTable table = new FaultTable(2, WireCase.HEADINGS);
        for (Case c : CASES) {
            List<String> seen = List.of("no call", c.view(), "", "none");
            if (c.isCall()) {
                UsageRecord record = gateway.recordOfModelApi(c.model);
                seen = List.of(Integer.toString(record.status()), c.view(), record.failure(), ClientView.bill(record));
            }
            table.add(c.row(), seen);
        }
        Pages.assertShows("faults.md", "client-wire", table.markdown());
    }

    @Test
    void bytesThatComeInOtherPiecesChangeNothing() {
        for (Case c : CASES) {
            if (!c.losesNothing()) continue;
            assertThat(c.got).as("%s", c).isEqualTo(c.undisturbed).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aClientThatLeavesMidStreamEndsTheCallAtTheProvider() {
        long leaving = CASES.stream().filter(Case::leaves).count();
        GatewayUnderTest.await(
                "the provider sees all of them end",
                () -> provider.journal().calls().stream()
                                .filter(call -> call.outcome() == dev.sluice.simulator.Outcome.CANCELLED)
                                .count()
                        == leaving);
        for (Case c : CASES) {
            if (!c.leaves()) continue;
            assertThat(gateway.recordOfModelApi(c.model).outcome()).as("%s", c).isEqualTo(Outcome.CLIENT_LEFT);
        }
    }

    @Test
    void nothingIsLeftOfBrokenCalls() {
        GatewayUnderTest.await("no call in flight", () -> gateway.gateway().callsInFlight() == 0);
        assertThat(gateway.gauge("sluice_reservations_in_flight")).isZero();
        assertThat(gateway.gauge("sluice_request_bytes_buffered")).isZero();
        for (Case c : CASES) {
            if (c.isCall()) gateway.recordOfModelApi(c.model);
        }
        JsonObject sum = gateway.usage("consumer").getJsonArray("items").getJsonObject(0);
        long made = CASES.stream().filter(Case::isCall).count()
                + CASES.stream().filter(c -> !c.leaves()).count();
        assertThat(sum.getLong("calls")).as("one record for each call").isEqualTo(made);
    }
}
