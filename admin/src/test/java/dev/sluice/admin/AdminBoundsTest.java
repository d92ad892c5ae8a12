package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AdminBoundsTest {
    @RegisterExtension
    final AdminFixture gateway = new AdminFixture(Duration.ofSeconds(2), 2_000);

    @Test
    void refusesABodyThatIsTooLargeAnnouncedOrNot() {
        String body = "{\"name\":\"" + "a".repeat(3_000) + "\"}";
        assertThat(gateway.client().post("/admin/v1/services", body).status()).isEqualTo(413);
        String chunked = "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n";
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        assertThat(RawHttp.send(gateway.port(), "POST /admin/v1/services HTTP/1.1\r\n", chunked, chunk))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void refusesABodyThatDoesNotCome() {
        String head = "Content-Length: 100\r\nContent-Type: application/json\r\n";
        assertThat(RawHttp.send(gateway.port(), "POST /admin/v1/services HTTP/1.1\r\n", head, "{"))
                .startsWith("HTTP/1.1 408");
    }

    @Test
    void answersAtTheDeadlineWhateverTheHandlerDoes() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        gateway.connectionTest = (tenant, service, model, key) -> {
            try {
                blocked.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("too late");
        };
        gateway.client()
                .post(
                        "/admin/v1/services",
                        "{\"name\":\"s\",\"provider\":\"openai-compatible\",\"address\":{\"url\":\"http://127.0.0.1:1/v1\"}}");
        Reply reply = gateway.client().send("POST", "/admin/v1/services/s/test", "", "");
        blocked.countDown();
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text("error.code")).isEqualTo("deadline_exceeded");
    }
}
