package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.CommandLine;
import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.app.cli.Parsed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ports of a gateway that starts. */
class GatewayStartTest {
    @TempDir
    private Path data;

    private GatewayOptions options(int port, int adminPort, int eventLoops) {
        List<String> arguments = List.of(
                "run",
                "--data=" + data,
                "--host=127.0.0.1",
                "--port=" + port,
                "--admin-port=" + adminPort,
                "--event-loops=" + eventLoops,
                "--drain-grace-ms=0",
                "--drain-ms=0");
        if (CommandLine.parse(arguments, Map.of(), 1) instanceof Parsed.Accepted(Command.Run(GatewayOptions options))) {
            return options;
        }
        throw new AssertionError("refused: " + arguments);
    }

    @Test
    void sharesOneFreePortAmongAllEventLoops() throws Exception {
        try (Gateway gateway = Gateway.start(options(0, 0, 3), Optional.empty())) {
            assertThat(gateway.port()).isPositive();
            assertThat(gateway.warnings()).isEmpty();
        }
    }

    @Test
    void tellsAPortThatIsInUseAsAProblemOfTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThat(catchThrowableOfType(
                                    StartException.class, () -> Gateway.start(options(port, 0, 2), Optional.empty()))
                            .problems())
                    .singleElement()
                    .asString()
                    .startsWith("--port: cannot listen on 127.0.0.1:" + port + " (");
            assertThat(catchThrowableOfType(
                                    StartException.class, () -> Gateway.start(options(0, port, 2), Optional.empty()))
                            .problems())
                    .singleElement()
                    .asString()
                    .startsWith("--admin-port: cannot listen on 127.0.0.1:" + port + " (");
        }
    }
}
