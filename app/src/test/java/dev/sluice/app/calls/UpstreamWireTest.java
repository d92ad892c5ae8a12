package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.calls.FaultProxy.Point;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bad wire between the gateway and a provider, of the client's own format and of another one. What is seen makes the table
 * {@code provider-wire} of {@code docs/faults.md}.
 */
class UpstreamWireTest {
    private static final int AT_A_TIME = 4;

    /** Places in a request, and in an answer. */
    private static final Map<String, List<String>> PLACES = Map.of(
            "request", List.of("after 1 byte", "in the body"),
            "answer",
                    List.of(
                            "after 1 byte",
                            "after the head",
                            "in the first content",
                            "in the second content",
                            "in the finish",
                            "in the last event"));

    @TempDir
    static Path folder;

    private static final List<Case> CASES = cases();
    private static Simulator provider;
    private static GatewayUnderTest gateway;

    /** One harm to one kind of call, over a wire and a service of its own. */
    private static final class Case extends WireCase {
        final String model;
        FaultProxy wire;
        Reply reply;
        Reply undisturbed;
        UsageRecord record;

        Case(String bytes, String harm, String place, boolean translated, boolean stream, int number) {
            super(bytes, harm, place, translated, stream);
            this.model = "case-" + number;
        }

        boolean isStalled() {
            return harm.equals("stall");
        }

        /** Makes the harmed call, and the same again without harm. */
        CompletableFuture<?> call() {
            harm(wire);
            String path = (isStalled() ? "/hasty" : "/main") + "/v1/chat/completions";
            String body = GatewayUnderTest.chat(model, stream);
            return gateway.callAsync(path, body)
                    .thenCompose(harmed -> {
                        reply = harmed;
                        wire.harmNothing();
                        return gateway.callAsync(path, body);
                    })
                    .thenAccept(other -> undisturbed = other);
        }

        @Override
        Point point() {
            return switch (place) {
                case "after 1 byte" -> new Point.AfterBytes(1);
                case "in the body" -> new Point.AfterText("\"messages\"");
                case "after the head" -> new Point.AfterText("\r\n\r\n");
                case "in the first content" -> new Point.AfterText("Echo:");
                case "in the second content" -> new Point.AfterText(" one");
                case "in the finish" -> new Point.AfterText(translated ? "\"stop_reason\":\"" : "\"finish_reason\":\"");
                case "in the last event" -> new Point.AfterText(translated ? "event: message_stop" : "data: [DON");
                default -> throw new AssertionError(place);
            };
        }
    }

    @BeforeAll
    static void callAll() {
        provider = Simulator.start();
        StringBuilder services = new StringBuilder();
        StringBuilder targets = new StringBuilder();
        for (Case c : CASES) {
            c.wire = FaultProxy.to(provider.port());
            services.append("  - { name: %s, %s, address: { url: \"http://127.0.0.1:%d%s\" }%s }\n"
                    .formatted(
                            c.model,
                            c.translated ? "provider: anthropic, protocol: native" : "provider: openai-compatible",
                            c.wire.port(),
                            c.translated ? "" : "/v1",
                            c.isStalled()
                                    ? ", timeouts: { firstByteMs: 1500, wholeAnswerMs: 1500, idleMs: 1500 }"
                                    : ""));
            targets.append("        - { pattern: \"%1$s\", service: %1$s, model: gpt-4o }\n".formatted(c.model));
        }
        gateway = GatewayUnderTest.start(folder, """
                services:
                %1$smodelApis:
                  - name: main
                    basePath: /main
                    retries: 0
                    distribution:
                      strategy: by-model-name
                      targets:
                %2$s  - name: hasty
                    basePath: /hasty
                    retries: 0
                    firstPacketTimeoutMs: 1400
                    distribution:
                      strategy: by-model-name
                      targets:
                %2$sconsumers:
                  - { name: caller, modelApis: [main, hasty] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s, limits: { concurrency: 1000 } }
                """.formatted(services, targets, GatewayUnderTest.KEY));
        List<Case> patient = CASES.stream().filter(c -> !c.isStalled()).toList();
        for (int i = 0; i < patient.size(); i += AT_A_TIME)
            callAtOnce(patient.subList(i, Math.min(patient.size(), i + AT_A_TIME)));
        callAtOnce(CASES.stream().filter(Case::isStalled).toList());
        for (Case c : CASES) {
            c.record = gateway.record(c.reply.id());
            gateway.record(c.undisturbed.id());
        }
    }

    private static void callAtOnce(List<Case> cases) {
        CompletableFuture.allOf(cases.stream().map(Case::call).toArray(CompletableFuture[]::new))
                .join();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CASES.forEach(c -> c.wire.close());
        provider.close();
    }

    private static List<Case> cases() {
        return WireCase.all(
                (bytes, _) -> PLACES.get(bytes),
                (bytes, harm, place, translated, stream, number) -> place.equals("in the last event") && !stream
                        ? null
                        : new Case(bytes, harm, place, translated, stream, number));
    }

    @Test
    void everyHarmComesToWhatTheTableSays() {
        FaultTable table = new FaultTable(2, WireCase.HEADINGS);
        for (Case c : CASES) {
            table.add(
                    c.row(),
                    List.of(
                            Integer.toString(c.reply.status()),
                            ClientView.answer(c.reply, c.undisturbed),
                            c.record.failure(),
                            ClientView.bill(c.record)));
        }
        Pages.assertShows("faults.md", "provider-wire", table.markdown());
    }

    @Test
    void bytesThatComeInOtherPiecesChangeNothing() {
        for (Case c : CASES) {
            if (!c.losesNothing()) continue;
            assertThat(ClientView.answer(c.reply, c.undisturbed)).as("%s", c).isEqualTo("as sent");
            assertThat(c.record.usage())
                    .as("%s", c)
                    .isEqualTo(gateway.record(c.undisturbed.id()).usage());
            assertThat(c.record.outcome()).as("%s", c).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void aWireThatBreaksFailsOneCallOnce() {
        for (Case c : CASES) {
            assertThat(c.undisturbed.status()).as("the call after: %s", c).isEqualTo(200);
            assertThat(c.reply.header("x-sluice-attempts")).as("%s", c).isEqualTo("1");
            // The answer is all there once its reason to finish and its usage have come.
            boolean isBroken = !c.losesNothing() && !c.place.equals("in the last event");
            assertThat(c.record.outcome())
                    .as("%s", c)
                    .isEqualTo(isBroken ? Outcome.UPSTREAM_FAILED : Outcome.COMPLETED);
            assertThat(c.record.status()).as("%s", c).isEqualTo(c.reply.status());
        }
    }

    @Test
    void nothingIsLeftOfBrokenCalls() {
        for (Case c : CASES) {
            assertThat(c.wire.connections())
                    .as("open after %s: that of the call after", c)
                    .isEqualTo(1);
        }
        assertThat(gateway.gauge("sluice_calls_in_flight")).isZero();
        assertThat(gateway.gauge("sluice_reservations_in_flight")).isZero();
        assertThat(gateway.gauge("sluice_request_bytes_buffered")).isZero();
        long counted =
                gateway.usage("consumer").getJsonArray("items").getJsonObject(0).getLong("calls");
        assertThat(counted).as("one record for each call").isEqualTo(2L * CASES.size());
    }
}
