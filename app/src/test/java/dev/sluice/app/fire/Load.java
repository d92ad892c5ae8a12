package dev.sluice.app.fire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Clients that call without a pause, one call after another each, whole and streamed in turn. */
final class Load implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String url;
    private final String key;
    private final Semaphore answered = new Semaphore(0);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final Queue<String> breaks = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean ending;

    /**
     * A call that was answered to its end.
     *
     * @param id of its usage record
     * @param atNanos when the client had the whole answer
     */
    record Answer(String id, long atNanos) {}

    Load(String url, String key, int clients) {
        this.url = url;
        this.key = key;
        for (int i = 0; i < clients; i++) {
            int first = i;
            this.clients.add(Thread.ofVirtual().start(() -> call(first)));
        }
    }

    private void call(int first) {
        for (int i = first; !ending; i++) {
            try {
                HttpResponse<String> answer = http.send(request(url, key, i % 2 == 0), ofString());
                long now = System.nanoTime();
                if (answer.statusCode() != 200) {
                    refusals.add(answer.statusCode() + " " + answer.body());
                    continue;
                }
                answers.add(
                        new Answer(answer.headers().firstValue("x-request-id").orElseThrow(), now));
                answered.release();
            } catch (IOException e) {
                // As when the gateway is killed before the end of the answer.
                breaks.add(e.toString());
                return;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    static HttpRequest request(String url, String key, boolean streamed) {
        String body = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"count on me\"}]"
                + (streamed ? ",\"stream\":true}" : "}");
        return HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse.BodyHandler<String> ofString() {
        return HttpResponse.BodyHandlers.ofString(UTF_8);
    }

    /** Waits for so many answers that come from now on. */
    void awaitAnswers(int more) throws InterruptedException {
        answered.drainPermits();
        if (!answered.tryAcquire(more, PATIENCE.toSeconds(), TimeUnit.SECONDS))
            throw new AssertionError("the gateway answers too little; refused " + refusals.size()
                    + " times, first with " + refusals.peek() + "; broken: " + breaks);
    }

    /** All calls that were answered with 200, once the clients have come to an end. */
    List<Answer> end() throws InterruptedException {
        ending = true;
        for (Thread client : clients) client.join();
        return List.copyOf(answers);
    }

    List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Calls that were not answered to their end. */
    List<String> breaks() {
        return List.copyOf(breaks);
    }

    @Override
    public void close() {
        ending = true;
        http.shutdownNow();
        http.close();
    }
}
