package dev.sluice.upstreams.credential;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.upstreams.credential.AwsSignature.AccessKey;
import dev.sluice.upstreams.credential.AwsSignature.Scope;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors made with the vendors' own libraries: AWS's JavaScript signer and Tencent's Node SDK. */
class SignatureTest {
    private static final byte[] BODY =
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}".getBytes(UTF_8);
    private static final String HOST = "bedrock-runtime.us-east-1.amazonaws.com";

    @ParameterizedTest
    @CsvSource({
        "/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse, true, 48f2f90cd13fc9466a3ce93da02195c60c96ad9e32404c55f77c42162f7eae9e",
        "/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse, false, 9a958bc1cbb43c3b3f6e94aa46d80a767104dcdca59681db58c164ff81f3aa05",
        "/model/amazon.nova-lite-v1:0/converse, true, 5f1c36f2a09192455030ee034197f4cb81a7b307a3c5865afa30c30fd412f3b2",
        "/model/amazon.nova-lite-v1:0/converse, false, a82c58d887aee52c911ddea33a0efd0f123976d893960f01dc13db69dd8376d6"
    })
    void signsAsAwsDoes(String path, boolean all, String signature) {
        String time = "20260102T030405Z";
        String hash = Hashes.sha256Hex(BODY);
        assertThat(hash).isEqualTo("c3335e07d6e89650bf94cb98664be69f8774dbc3198df221f113db0a59ea14f0");
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("host", HOST);
        headers.put("x-amz-date", time);
        if (all) {
            headers.put("content-type", "application/json");
            headers.put("x-amz-content-sha256", hash);
        }
        OutgoingCall call = Calls.call("POST", HOST, path, BODY);
        AccessKey key = new AccessKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
        assertThat(AwsSignature.authorization(call, key, new Scope("us-east-1", "bedrock"), time, hash, headers))
                .endsWith("Signature=" + signature)
                .contains("Credential=AKIDEXAMPLE/20260102/us-east-1/bedrock/aws4_request");
    }

    @Test
    void theSignedHeadersAreThoseThatAreSent() {
        OutgoingCall call = Calls.call("POST", HOST, "/model/amazon.nova-lite-v1:0/converse", BODY);
        call.headers().set("content-type", "application/json");
        AwsSignature.sign(
                call,
                new AccessKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null),
                new Scope("us-east-1", "bedrock"),
                Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(call.headers().get("x-amz-date")).isEqualTo("20260102T030405Z");
        assertThat(call.headers().get("authorization"))
                .contains("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date")
                .endsWith("Signature=5f1c36f2a09192455030ee034197f4cb81a7b307a3c5865afa30c30fd412f3b2");
    }

    @Test
    void anAccessKeyHasTwoPartsOrThree() {
        assertThat(AccessKey.parse("id:secret")).isEqualTo(new AccessKey("id", "secret", null));
        assertThat(AccessKey.parse("id:secret:token:x")).isEqualTo(new AccessKey("id", "secret", "token:x"));
        assertThat(AccessKey.parse("bedrock-api-key-abc")).isNull();
    }

    @Test
    void signsAsTencentDoes() {
        assertThat(TencentSignature.authorization(
                        "AKIDEXAMPLE00000000000000000000000000",
                        "SECRETEXAMPLE0000000000000000000",
                        "hunyuan",
                        "hunyuan.tencentcloudapi.com",
                        "application/json",
                        "{\"Model\":\"hunyuan-lite\",\"Messages\":[{\"Role\":\"user\",\"Content\":\"hi\"}]}"
                                .getBytes(UTF_8),
                        Instant.ofEpochSecond(1767323045)))
                .isEqualTo(
                        "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE00000000000000000000000000/2026-01-02/hunyuan/tc3_request,"
                                + " SignedHeaders=content-type;host,"
                                + " Signature=e166953d28857ea22d74ecb85e38516f540be7c89d635eba48e6475148644792");
    }
}
