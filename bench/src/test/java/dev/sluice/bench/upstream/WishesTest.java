package dev.sluice.bench.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.load.Call;
import dev.sluice.bench.load.Target;
import org.junit.jupiter.api.Test;

class WishesTest {
    private static final Target TARGET = new Target(1, Target.CHAT, "key", "model");

    @Test
    void readsWhatTheLoadGeneratorWrites() {
        assertThat(read(new Call.Streamed(64, 10).request(TARGET))).isEqualTo(new Wishes(64, 10, Fault.NONE));
        assertThat(read(new Call.Whole().request(TARGET))).isEqualTo(Wishes.WHOLE);
    }

    @Test
    void readsItAlsoWhenAGatewayAddedAFieldBehindIt() {
        String body = new String(new Call.Streamed(7, 0).request(TARGET), UTF_8);
        String added = body.substring(0, body.length() - 1) + ",\"stream_options\":{\"include_usage\":true}}";

        assertThat(read(added.getBytes(UTF_8))).isEqualTo(new Wishes(7, 0, Fault.NONE));
    }

    @Test
    void aStreamHasAtLeastABeginningAFinishAndItsUsage() {
        assertThat(read("{\"events\":\"1\"}".getBytes(UTF_8)).events()).isEqualTo(3);
    }

    private static Wishes read(byte[] bytes) {
        return Wishes.read(bytes, 0, bytes.length);
    }
}
