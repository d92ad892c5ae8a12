package dev.sluice.bench.soak;

import dev.sluice.bench.load.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Clients that run errands drawn at random, each with the next one at once. Runs on the calling thread. */
final class Traffic implements AutoCloseable {
    private static final int READ_BYTES = 256 * 1024;
    private static final long LONGEST_CALL = Duration.ofSeconds(60).toNanos();

    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private final Deque<Client> idle = new ArrayDeque<>();
    private final Map<Errand, byte[]> requests = new EnumMap<>(Errand.class);
    private final Random random;
    private final ByteBuffer direct = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] received = new byte[READ_BYTES];
    private final Map<Errand, Long> ended = new EnumMap<>(Errand.class);
    private long unexpected;
    private @Nullable String complaint;

    Traffic(Target target, int connections, long seed) throws IOException {
        selector = Selector.open();
        random = new Random(seed);
        for (Errand errand : Errand.values()) requests.put(errand, errand.request(target));
        for (int i = 0; i < connections; i++) clients.add(new Client(target, selector));
        idle.addAll(clients);
    }

    /** Runs so many calls and returns when the last one has ended. */
    void run(long calls) throws IOException {
        long left = calls;
        while (left > 0 || idle.size() < clients.size()) {
            while (left > 0 && !idle.isEmpty()) {
                left--;
                start(idle.pop());
            }
            selector.select(this::ready, 100);
            giveUp(System.nanoTime());
        }
    }

    /** How many calls of each kind have ended. */
    Map<Errand, Long> ended() {
        return ended;
    }

    /** Calls whose client saw something else than it had to. */
    long unexpected() {
        return unexpected;
    }

    /** What the first of them saw. */
    Optional<String> complaint() {
        return Optional.ofNullable(complaint);
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) client.close();
        selector.close();
    }

    private void start(Client client) {
        Errand errand = Errand.drawn(random.nextInt());
        try {
            client.start(errand, requests.getOrDefault(errand, new byte[0]), System.nanoTime());
            leaveIfSent(client);
        } catch (IOException e) {
            broke(client, e);
        }
    }

    private void ready(SelectionKey key) {
        if (!(key.attachment() instanceof Client client)) return;
        try {
            if (key.isValid() && key.isWritable()) {
                client.write();
                leaveIfSent(client);
            }
            if (key.isValid() && key.isReadable()) read(client);
        } catch (IOException e) {
            broke(client, e);
        }
    }

    private void read(Client client) throws IOException {
        if (idle.contains(client)) {
            // The gateway ended a connection that nobody used.
            client.close();
            return;
        }
        boolean over = client.read(direct, received);
        if (over) {
            end(
                    client,
                    client.errand().isAsExpected(client.answer()),
                    client.answer().describe());
        } else if (client.errand().leaving() == Errand.Leaving.MIDWAY
                && client.answer().events() > 0) {
            client.close();
            end(client, true, "");
        }
    }

    private void leaveIfSent(Client client) throws IOException {
        if (client.errand().leaving() != Errand.Leaving.AT_ONCE || !client.isSent()) return;
        client.close();
        end(client, true, "");
    }

    private void broke(Client client, IOException e) {
        // A broken stream may reach its client as a reset.
        end(client, client.errand() == Errand.CUT_STREAM, e.toString());
        try {
            client.close();
        } catch (IOException closing) {
            e.addSuppressed(closing);
        }
    }

    private void end(Client client, boolean asExpected, String what) {
        Errand errand = client.errand();
        ended.merge(errand, 1L, Long::sum);
        if (!asExpected) {
            unexpected++;
            if (complaint == null) complaint = errand + " saw " + what;
        }
        idle.push(client);
        if (!client.answer().isBroken() && !client.answer().isClosing()) return;
        try {
            client.close();
        } catch (IOException e) {
            if (complaint == null) complaint = e.toString();
        }
    }

    private void giveUp(long now) {
        for (Client client : clients) {
            if (now - client.startedAt() < LONGEST_CALL || idle.contains(client)) continue;
            broke(
                    client,
                    new IOException(
                            "no end within " + Duration.ofNanos(LONGEST_CALL).toSeconds() + " s"));
        }
    }
}
