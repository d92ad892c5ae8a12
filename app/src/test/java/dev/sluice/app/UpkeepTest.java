package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is done by the clock. */
class UpkeepTest {
    @Test
    void workThatThrowsIsDoneAgain() throws InterruptedException {
        CountDownLatch rounds = new CountDownLatch(3);
        try (Upkeep upkeep = new Upkeep()) {
            upkeep.every(Duration.ofMillis(1), () -> {
                rounds.countDown();
                if (rounds.getCount() == 2) throw new NoSuchElementException("the first time");
                if (rounds.getCount() == 1) throw new NoClassDefFoundError("the second time");
            });
            assertThat(rounds.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(upkeep.failures()).isEqualTo(2);
        }
    }
}
