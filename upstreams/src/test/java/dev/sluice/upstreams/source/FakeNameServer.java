package dev.sluice.upstreams.source;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on the loopback address that answers from a table. */
final class FakeNameServer implements AutoCloseable {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket socket;
    private final Map<String, Records> table = new ConcurrentHashMap<>();

    private record Records(int ttlSeconds, List<String> addresses) {}

    FakeNameServer() {
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    void put(String name, int ttlSeconds, String... addresses) {
        table.put(name, new Records(ttlSeconds, List.of(addresses)));
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        byte[] buffer = new byte[1_500];
        while (!socket.isClosed()) {
            DatagramPacket query = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(query);
                byte[] answer = answer(buffer);
                socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) throw new UncheckedIOException(e);
            }
        }
    }

    private byte[] answer(byte[] query) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (query[at] != 0) {
            if (!name.isEmpty()) name.append('.');
            for (int i = 1; i <= query[at]; i++) name.append((char) query[at + i]);
            at += query[at] + 1;
        }
        int type = (query[at + 1] & 0xff) << 8 | query[at + 2] & 0xff;
        int end = at + 5;
        Records records = table.get(name.toString());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        List<InetAddress> matching = new java.util.ArrayList<>();
        if (records != null) {
            for (String text : records.addresses()) {
                InetAddress address = InetAddress.getByName(text);
                int size = address.getAddress().length;
                if (type == A && size == 4 || type == AAAA && size == 16) matching.add(address);
            }
        }
        out.write(query, 0, 2);
        out.writeShort(0x8180 | (records == null ? NO_SUCH_NAME : 0));
        out.writeShort(1);
        out.writeShort(matching.size());
        out.writeInt(0);
        out.write(query, 12, end - 12);
        for (InetAddress address : matching) {
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(records.ttlSeconds());
            out.writeShort(address.getAddress().length);
            out.write(address.getAddress());
        }
        return bytes.toByteArray();
    }
}
