package dev.sluice.simulator.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on the loopback address that answers questions for A and AAAA records over UDP from a table (RFC 1035). */
public final class NameServer implements AutoCloseable {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int NO_SUCH_NAME = 3;
    private static final int HEADER_BYTES = 12;
    private static final int LONGEST_MESSAGE = 1_500;

    private final DatagramSocket socket;
    private final Map<String, Records> table = new ConcurrentHashMap<>();
    private volatile int together = 1;

    private record Records(int ttlSeconds, List<InetAddress> addresses) {
        List<InetAddress> of(int type) {
            int size = switch (type) {
                case A -> 4;
                case AAAA -> 16;
                default -> 0;
            };
            return addresses.stream().filter(a -> a.getAddress().length == size).toList();
        }
    }

    private NameServer(DatagramSocket socket) {
        this.socket = socket;
    }

    /** Starts one on a free port that knows no name. */
    public static NameServer start() {
        try {
            NameServer server = new NameServer(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(server::serve);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is asked. */
    public InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    /**
     * From now on a name has these addresses and no others.
     *
     * @param ttlSeconds how long an answer holds
     * @param addresses literal IPv4 and IPv6 addresses
     */
    public void put(String name, int ttlSeconds, String... addresses) {
        List<InetAddress> parsed = new ArrayList<>(addresses.length);
        for (String address : addresses) parsed.add(InetAddress.ofLiteral(address));
        table.put(name, new Records(ttlSeconds, parsed));
    }

    /** From now on a name does not exist. */
    public void remove(String name) {
        table.remove(name);
    }

    /** From now on answers wait until there are so many questions; then those for A records go out before the others. */
    public void answerTogether(int questions) {
        together = questions;
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        byte[] buffer = new byte[LONGEST_MESSAGE];
        List<DatagramPacket> first = new ArrayList<>();
        List<DatagramPacket> others = new ArrayList<>();
        while (!socket.isClosed()) {
            DatagramPacket query = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(query);
                byte[] answer = answer(buffer);
                List<DatagramPacket> turn = typeOf(buffer) == A ? first : others;
                turn.add(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
                if (first.size() + others.size() < together) continue;
                for (DatagramPacket packet : first) socket.send(packet);
                for (DatagramPacket packet : others) socket.send(packet);
                first.clear();
                others.clear();
            } catch (IOException e) {
                if (!socket.isClosed()) throw new UncheckedIOException(e);
            }
        }
    }

    private static int typeOf(byte[] query) {
        int at = HEADER_BYTES;
        while (query[at] != 0) at += query[at] + 1;
        return (query[at + 1] & 0xff) << 8 | query[at + 2] & 0xff;
    }

    private byte[] answer(byte[] query) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        while (query[at] != 0) {
            if (!name.isEmpty()) name.append('.');
            name.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
            at += query[at] + 1;
        }
        int type = typeOf(query);
        int end = at + 5;
        Records records = table.get(name.toString());
        List<InetAddress> matching = records == null ? List.of() : records.of(type);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(query, 0, 2);
        out.writeShort(0x8180 | (records == null ? NO_SUCH_NAME : 0));
        out.writeShort(1);
        out.writeShort(matching.size());
        out.writeInt(0);
        out.write(query, HEADER_BYTES, end - HEADER_BYTES);
        for (InetAddress address : matching) {
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(records == null ? 0 : records.ttlSeconds());
            out.writeShort(address.getAddress().length);
            out.write(address.getAddress());
        }
        return bytes.toByteArray();
    }
}
