package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.RawClient.Answer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens for applications of Microsoft Entra ID. */
class EntraTest {
    private static final String ASKED = "grant_type=client_credentials&client_id=c&scope=https%3A%2F%2Fa%2F.default";
    private static final String ASSERTED =
            "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=";
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static Answer exchange(String form) throws Exception {
        return RawClient.call(
                simulator, "/t-1/oauth2/v2.0/token", form, "content-type: application/x-www-form-urlencoded");
    }

    @Test
    void givesTokensForSecretsAndForAssertions() throws Exception {
        for (String proof : new String[] {"&client_secret=s", ASSERTED + "a.b.c"}) {
            Answer answer = exchange(ASKED + proof);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            JsonObject token = new JsonObject(answer.text());
            assertThat(token.getString("token_type")).isEqualTo("Bearer");
            assertThat(token.getInteger("expires_in")).isEqualTo(3_599);
            assertThat(token.getString("access_token")).startsWith("eyJ0.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type=password, 400, unsupported_grant_type",
        "grant_type=client_credentials, 400, invalid_request",
        "grant_type=client_credentials&client_id=c&scope=a, 400, invalid_scope",
        ASKED + ", 401, invalid_client",
        ASKED + ASSERTED + "no-jwt, 401, invalid_client",
        "grant_type=%zz, 400, invalid_request"
    })
    void saysWhatIsWrong(String form, int status, String error) throws Exception {
        Answer answer = exchange(form);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(new JsonObject(answer.text()).getString("error")).isEqualTo(error);
    }
}
