package dev.sluice.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where calls go and as whom.
 *
 * @param port on 127.0.0.1
 * @param path of chat completions
 * @param key sent as bearer token
 * @param model the model asked for
 */
public record Target(int port, String path, String key, String model) {
    public static final String CHAT = "/v1/chat/completions";

    public Target {
        if (port < 1 || port > 65535) throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        if (!path.startsWith("/")) throw new IllegalArgumentException("path: " + path + " (expected: /…)");
    }

    /** The address that it listens on. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
