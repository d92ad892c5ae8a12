package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Author;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInTest {
    private final ManualClock clock = new ManualClock();
    private final SignIn signIn = new SignIn("right", clock);

    @Test
    void welcomesTheTokenWhateverTheCaseOfTheScheme() {
        assertThat(signIn.check("bearer right", "a"))
                .isEqualTo(new SignIn.Verdict.Welcome(new Author("bootstrap-admin", "a")));
        assertThat(signIn.check("Basic right", "a")).isInstanceOf(SignIn.Verdict.Missing.class);
        assertThat(signIn.check(null, "a")).isInstanceOf(SignIn.Verdict.Missing.class);
        assertThat(signIn.check("Bearer right2", "a")).isInstanceOf(SignIn.Verdict.Wrong.class);
    }

    @Test
    void forgetsFailuresThatAreLongAgo() {
        for (int i = 0; i < 3 * SignIn.MAX_FAILURES; i++) {
            assertThat(signIn.check("Bearer wrong", "a")).isInstanceOf(SignIn.Verdict.Wrong.class);
            clock.advance(Duration.ofSeconds(10));
        }
    }

    @Test
    void turnsAwayOnlyTheAddressThatGuesses() {
        for (int i = 0; i < SignIn.MAX_FAILURES; i++) signIn.check("Bearer wrong", "a");
        assertThat(signIn.check("Bearer right", "a")).isEqualTo(new SignIn.Verdict.TurnedAway(60));
        assertThat(signIn.check("Bearer right", "b")).isInstanceOf(SignIn.Verdict.Welcome.class);
    }

    @Test
    void remembersABoundedNumberOfAddresses() {
        for (int i = 0; i < SignIn.MAX_ADDRESSES + 500; i++) signIn.check("Bearer wrong", "10.0.0." + i);
        assertThat(signIn.rememberedAddresses()).isEqualTo(SignIn.MAX_ADDRESSES);
    }
}
