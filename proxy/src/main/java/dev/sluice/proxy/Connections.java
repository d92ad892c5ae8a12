package dev.sluice.proxy;

import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.Http2ServerConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client connections of one event loop. Closes those that keep the gateway waiting for a request head: it is enough to
 * note when a connection last had a call, so no handler has to look at what arrives.
 */
final class Connections {
    private static final long TICK_MILLIS = 1_000;

    private final Load load;
    private final Transport transport;
    private final ClientAddresses addresses;
    private final IdentityHashMap<HttpConnection, Guest> guests = new IdentityHashMap<>();

    /** One connection: its calls under way, and until when the head of the next one must be here. */
    static final class Guest {
        private final HttpConnection connection;
        private final @Nullable String address;
        /** The {@link Door} counts it. */
        private final boolean counted;

        private final long idleNanos;
        private int calls;
        private long deadlineNanos;
        private long unwritten = Long.MAX_VALUE;
        private @Nullable SocketRelay session;

        private Guest(
                HttpConnection connection,
                @Nullable String address,
                boolean counted,
                long deadlineNanos,
                long idleNanos) {
            this.connection = connection;
            this.address = address;
            this.counted = counted;
            this.deadlineNanos = deadlineNanos;
            this.idleNanos = idleNanos;
        }

        /** The connection is a session's from now on. */
        void session(SocketRelay begun) {
            session = begun;
        }

        void began() {
            calls++;
        }

        void ended(long nowNanos) {
            calls--;
            deadlineNanos = nowNanos + idleNanos;
            unwritten = Long.MAX_VALUE;
        }

        /** A client may be slow to take its last answer, as long as it takes something. */
        private boolean isReading(long nowNanos) {
            if (!(connection instanceof ConnectionBase base)) return false;
            ChannelOutboundBuffer buffer = base.channel().unsafe().outboundBuffer();
            long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
            boolean progress = pending > 0 && pending < unwritten;
            unwritten = pending;
            if (progress) deadlineNanos = nowNanos + idleNanos;
            return progress;
        }

        /** Ends a connection that has nothing left to say; one that does not take what it was sent would wait for that. */
        private void end() {
            if (unwritten > 0 && unwritten != Long.MAX_VALUE) cutOff();
            else connection.close();
        }

        /** Without a farewell, for which HTTP/2 and web sockets would wait. */
        void cutOff() {
            if (connection instanceof ConnectionBase base)
                base.channel().unsafe().close(base.channel().voidPromise());
        }
    }

    Connections(Vertx vertx, Load load, Transport transport, ClientAddresses addresses) {
        this.addresses = addresses;
        this.load = load;
        this.transport = transport;
        vertx.setPeriodic(TICK_MILLIS, _ -> closeSilent(System.nanoTime()));
    }

    /** Takes in a new connection, or closes it when there are too many already. */
    void opened(HttpConnection connection) {
        boolean counted = connection instanceof ConnectionBase base && Door.hasCounted(base.channel());
        if (!counted && !load.accepted(transport.maxConnections())) {
            connection.close();
            return;
        }
        String address =
                transport.maxConnectionsPerAddress() == 0 ? null : addresses.ofConnection(connection.remoteAddress());
        if (address != null && !load.accepted(address, transport.maxConnectionsPerAddress())) {
            if (!counted) load.left();
            connection.close();
            return;
        }
        long now = System.nanoTime();
        Guest guest = new Guest(
                connection,
                address,
                counted,
                now + transport.headTimeout().toNanos(),
                transport.idleTimeout().toNanos());
        guests.put(connection, guest);
        // An upgrade to WebSocket leaves the channel and takes the connection away.
        if (connection instanceof ConnectionBase base)
            base.channel().closeFuture().addListener(_ -> closed(guest));
    }

    /** The guest on whose connection a request came; null when the connection was refused. */
    @Nullable
    Guest of(HttpConnection connection) {
        return guests.get(connection);
    }

    /**
     * Tells HTTP/2 clients to make their next calls elsewhere (GOAWAY); HTTP/1 clients hear it with their next answer. Sessions
     * end, those that are in the middle of a response within half of the time.
     */
    void sayGoodbye(long millis) {
        for (Guest guest : new ArrayList<>(guests.values())) {
            if (guest.session != null) guest.session.sayGoodbye(millis / 2);
            if (!isHttp2(guest.connection)) continue;
            var _ = guest.connection.shutdown(millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes all connections, whatever is under way on them. */
    void cutOff() {
        new ArrayList<>(guests.values()).forEach(Guest::cutOff);
    }

    static boolean isHttp2(HttpConnection connection) {
        return connection instanceof Http2ServerConnection;
    }

    private void closed(Guest guest) {
        if (guests.remove(guest.connection) == null) return;
        if (!guest.counted) load.left();
        if (guest.address != null) load.left(guest.address);
    }

    private void closeSilent(long nowNanos) {
        List<Guest> late = null;
        for (Guest guest : guests.values()) {
            if (guest.calls > 0 || guest.deadlineNanos - nowNanos > 0 || guest.isReading(nowNanos)) continue;
            if (late == null) late = new ArrayList<>();
            late.add(guest);
        }
        if (late != null) late.forEach(Guest::end);
    }
}
