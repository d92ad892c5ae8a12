package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service at the address of a cloud's metadata service, at a port where none listens. */
class MetadataServiceTest {
    private static final String SETTING = "--allow-metadata-addresses";
    private static final String DECLARATION = """
            services:
              - { name: cloud, address: { url: "http://169.254.169.254:9/v1" }, timeouts: { connectMs: 200, firstByteMs: 1000, wholeAnswerMs: 1000 } }
            modelApis:
              - { name: chat, routes: [/v1/chat/completions], distribution: { strategy: single, targets: [ { service: cloud } ] },
                  retries: 0, totalTimeoutMs: 2000 }
            consumers:
              - { name: caller, modelApis: [chat] }
            apiKeys:
              - { name: caller-key, consumer: caller, secret: %s }
            """.formatted(GatewayUnderTest.KEY);

    @TempDir
    Path folder;

    @Test
    void isOffLimitsUnlessTheGatewayIsToldOtherwise() {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(folder.resolve("plain"), DECLARATION)) {
            Reply refused = gateway.call("/v1/chat/completions", GatewayUnderTest.chat());
            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.error().getString("message"))
                    .contains("the metadata service of a cloud is at 169.254.169.254", SETTING);
        }
        try (GatewayUnderTest gateway = GatewayUnderTest.startWithMetadata(folder.resolve("told"), DECLARATION)) {
            Reply tried = gateway.call("/v1/chat/completions", GatewayUnderTest.chat());
            // What comes of it is up to the network that the test runs in.
            assertThat(tried.text()).isNotEmpty().doesNotContain(SETTING);
            assertThat(gateway.record(tried.id()).attempts()).isEqualTo(1);
        }
    }
}
