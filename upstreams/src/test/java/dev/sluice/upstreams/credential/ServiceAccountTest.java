package dev.sluice.upstreams.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountTest {
    /** Signed by OpenSSL with the same key. */
    private static final String ASSERTION =
            "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtpZC0xIn0.eyJpc3MiOiJyb2JvdEBwLTEuaWFtLmdzZXJ2aWNlYWNj"
                    + "b3VudC5jb20iLCJzY29wZSI6Imh0dHBzOi8vd3d3Lmdvb2dsZWFwaXMuY29tL2F1dGgvY2xvdWQtcGxhdGZvcm0iLCJhdWQiOiJo"
                    + "dHRwczovL29hdXRoMi5nb29nbGVhcGlzLmNvbS90b2tlbiIsImlhdCI6MTc2MzY0MDAwMCwiZXhwIjoxNzYzNjQzNjAwfQ"
                    + "."
                    + "nz4GAx4ZeQ4egWtUvGaEAHb6t20pbX3uDYC9p48iKPA0mx7SurgID3JXrYXYgI2wJWmUkPfFPYMlg6e52JqmpYYTqBs1nk9O39k6"
                    + "ewbdzz6fddCPlyXogSAEm2b7tN1BuDp5PPsc29BVxfo-tyiARXTjH4olvGydNNOH_syODtJQWVuZougAxsAQTgRl7xeXbrwEuKI9"
                    + "bjhsgXnHz2V9ynQJyIlGcNGnlbARNaQJawbGHla0qI29_d6bNa8_2anKGSvKL1iHQD-5vUt3ZmJdKF1KZ2o9ZO2msLuKwblfbodK"
                    + "Au0LAlRUmHuHdV2hnF9B5caaSfAaA4_Ofl9S0qECTA";

    @Test
    void readsTheJsonThatGoogleHandsOut() {
        ServiceAccount account = Accounts.parsed(Accounts.json());
        assertThat(account.clientEmail()).isEqualTo("robot@p-1.iam.gserviceaccount.com");
        assertThat(account.privateKeyId()).isEqualTo("kid-1");
        assertThat(account.projectId()).isEqualTo("p-1");
        assertThat(account.tokenUri()).isEqualTo("https://oauth2.googleapis.com/token");
    }

    @Test
    void signsTheAssertionAsOpenSslDoes() {
        Instant now = Instant.ofEpochSecond(1_763_640_000);
        assertThat(Accounts.parsed(Accounts.json()).assertion(now)).isEqualTo(ASSERTION);
        assertThat(Accounts.parsed(Accounts.json()).tokenRequest(now))
                .isEqualTo("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + ASSERTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"AIzaSyExpressKey", "", "{", "{}", "{\"private_key\":\"no key\"}", "{\"private_key\":\"AAAA\"}"})
    void otherSecretsAreNoServiceAccounts(String secret) {
        assertThat(ServiceAccount.parse(secret)).isNull();
    }
}
