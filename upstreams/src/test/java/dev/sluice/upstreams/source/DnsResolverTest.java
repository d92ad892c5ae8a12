package dev.sluice.upstreams.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.simulator.dns.NameServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsResolverTest {
    private final NameServer server = NameServer.start();
    private final DnsResolver resolver = DnsResolver.of(server.address());

    @AfterEach
    void stop() {
        resolver.close();
        server.close();
    }

    @Test
    void findsAllAddressesAndHowLongTheyHold() throws Exception {
        server.put("llm.example", 7, "10.0.0.1", "10.0.0.2", "10.0.0.3");
        NameResolver.Resolved found = resolve("llm.example");
        assertThat(found.addresses()).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2", "10.0.0.3");
        assertThat(found.ttlMillis()).isEqualTo(7_000);
    }

    @Test
    void asksAgainEachTime() throws Exception {
        server.put("llm.example", 300, "10.0.0.1");
        assertThat(resolve("llm.example").addresses()).containsExactly("10.0.0.1");
        server.put("llm.example", 300, "10.0.0.9");
        assertThat(resolve("llm.example").addresses()).containsExactly("10.0.0.9");
    }

    @Test
    void allWhoAskAtTheSameTimeLearnHowLongTheAnswerHolds() throws Exception {
        server.put("llm.example", 7, "10.0.0.1");
        server.put("LLM.other", 9, "10.0.0.1");
        server.answerTogether(4);
        List<CompletionStage<NameResolver.Resolved>> asked = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            asked.add(resolver.resolve("llm.example"));
            asked.add(resolver.resolve("LLM.other"));
        }
        Set<Long> ttls = new TreeSet<>();
        for (CompletionStage<NameResolver.Resolved> one : asked)
            ttls.add(one.toCompletableFuture().get(20, TimeUnit.SECONDS).ttlMillis());
        assertThat(ttls).containsExactly(7_000L, 9_000L);
    }

    @Test
    void findsNamesThatHaveOnlyIpv6() throws Exception {
        server.put("six.example", 60, "fd00::1");
        assertThat(resolve("six.example").addresses()).containsExactly("fd00::1");
    }

    @Test
    void aLiteralAddressStandsForItself() throws Exception {
        assertThat(resolve("127.0.0.1").addresses()).containsExactly("127.0.0.1");
        assertThat(resolve("::1").addresses()).containsExactly("::1");
    }

    @Test
    void saysThatANameDoesNotExist() {
        assertThatThrownBy(() -> resolve("nobody.example"))
                .hasCauseInstanceOf(java.net.UnknownHostException.class)
                .hasMessageContaining("nobody.example");
    }

    private NameResolver.Resolved resolve(String name) throws Exception {
        return resolver.resolve(name).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
