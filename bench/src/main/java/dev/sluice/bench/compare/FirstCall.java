package dev.sluice.bench.compare;

import dev.sluice.bench.http.AnswerReader;
import dev.sluice.bench.load.Call;
import dev.sluice.bench.load.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Calls a target that is starting, again and again, until it answers with status 200. */
public final class FirstCall {
    private static final Duration BETWEEN = Duration.ofMillis(5);
    private static final Duration ONE_CALL = Duration.ofSeconds(5);

    private FirstCall() {}

    /**
     * @param child ends the wait when it is no longer alive
     * @return when the answer was there, in nanoseconds of {@link System#nanoTime}
     * @throws IOException when the process has ended or the time is over; tells why and what it printed
     */
    public static long await(Target target, Child child, Duration limit) throws IOException, InterruptedException {
        byte[] request = new Call.Whole().request(target);
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "nothing listens on its port";
        while (System.nanoTime() < deadline && child.isAlive()) {
            try {
                AnswerReader answer = call(target, request);
                if (answer.status() == 200) return System.nanoTime();
                last = answer.describe();
            } catch (IOException e) {
                last = e.toString();
            }
            Thread.sleep(BETWEEN);
        }
        throw new IOException(
                child + (child.isAlive() ? " did not serve a call within " + limit.toSeconds() + " s" : " ended")
                        + " (last try: " + last + "). It printed:\n" + child.lastWords());
    }

    private static AnswerReader call(Target target, byte[] request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()), 1000);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) ONE_CALL.toMillis());
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            AnswerReader answer = new AnswerReader();
            byte[] bytes = new byte[16 * 1024];
            while (!answer.isComplete() && !answer.isBroken()) {
                int length = in.read(bytes);
                if (length < 0) answer.close();
                else answer.read(bytes, 0, length);
            }
            if (answer.isBroken()) throw new IOException("the connection ended after " + answer.describe());
            return answer;
        }
    }
}
