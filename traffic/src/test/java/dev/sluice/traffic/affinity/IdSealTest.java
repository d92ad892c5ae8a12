package dev.sluice.traffic.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Service.BalancePolicy;
import dev.sluice.settings.Service.KeyPolicy;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.Declared;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdSealTest {
    private static final byte[] SECRET = "a secret of the gateway".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "another secret".getBytes(StandardCharsets.UTF_8);

    private final BoundKey first = new BoundKey("pvk_1", "first", "sk-1", 1);
    private final BoundKey second = new BoundKey("pvk_2", "second", "sk-2", 1);
    private final BoundService service = Declared.service(
            "main",
            Declared.passthrough(),
            KeyPolicy.ROUND_ROBIN,
            BalancePolicy.LEAST_LOADED,
            List.of(first, second),
            1);
    private final BoundModelApi api = Declared.api(Declared.single("main"), Declared.fallback(), service);
    private final Deployment keeper = new Deployment(service, second);
    private final IdSeal seal = IdSeal.of(List.of(SECRET));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file-AbC123",
                "resp_0123456789abcdef",
                "batch_1",
                "video_x-y_z",
                "conv_1",
                "assistant-1-2",
                "3fa85f64-5717-4562-b3fc-2c963f66afa6",
                "plain",
                "msgbatch_01.a~b"
            })
    void opensWhatItSealed(String id) {
        String sealed = seal.seal(api, keeper, id);
        assertThat(sealed).hasSize(id.length() + 32).contains("slc1");
        assertThat(IdSeal.isSealed(sealed)).isTrue();
        assertThat(IdSeal.isSealed(id)).isFalse();
        assertThat(seal.open(sealed))
                .isEqualTo(new IdSeal.Opened(
                        IdSeal.hash(api), IdSeal.serviceHash("default", "main"), IdSeal.keyHash(keeper), id));
        assertThat(seal.seal(api, keeper, id)).as("the same thing has one id").isEqualTo(sealed);
    }

    @Test
    void keepsTheVendorsPrefixInFront() {
        assertThat(seal.seal(api, keeper, "file-abc")).startsWith("file-slc1").endsWith("abc");
        assertThat(seal.seal(api, keeper, "resp_abc")).startsWith("resp_slc1").endsWith("abc");
    }

    @Test
    void tellsKeysOfOneServiceApart() {
        assertThat(IdSeal.keyHash(keeper)).isNotEqualTo(IdSeal.keyHash(new Deployment(service, first)));
        assertThat(IdSeal.keyHash(new Deployment(service, null))).isZero();
    }

    @Test
    void opensNothingThatWasAltered() {
        String sealed = seal.seal(api, keeper, "file-abc");
        for (int at = "file-slc1".length(); at < sealed.length(); at++) {
            char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
            String altered = sealed.substring(0, at) + other + sealed.substring(at + 1);
            assertThat(seal.open(altered)).as(altered).isNull();
        }
        assertThat(seal.open(sealed.replace("file-", "batch_"))).isNull();
    }

    @Test
    void opensWhatAnOldKeySealedAndNothingOfAnother() {
        String sealed = seal.seal(api, keeper, "file-abc");
        assertThat(IdSeal.of(List.of(OTHER, SECRET)).open(sealed)).isEqualTo(seal.open(sealed));
        assertThat(IdSeal.of(List.of(OTHER)).open(sealed)).isNull();
    }

    @Test
    void anIdOfAGatewayBehindIsSealedOnceMore() {
        String inner = IdSeal.of(List.of(OTHER)).seal(api, keeper, "file-abc");
        IdSeal.Opened opened = seal.open(seal.seal(api, keeper, inner));
        assertThat(opened).isNotNull().extracting(IdSeal.Opened::id).isEqualTo(inner);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "files/abc", "a b", "ünï", "a\"b", "a%20b"})
    void leavesIdsAloneThatHaveNoPlaceInAPath(String id) {
        assertThat(seal.seal(api, keeper, id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"slc1", "file-slc1", "file-slc1short", "file-slc1%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%", "xslc1"})
    void whatOnlyLooksLikeASealIsNone(String text) {
        assertThat(IdSeal.isSealed(text)).isFalse();
    }

    @Test
    void findsTheMarkWhereverItStands() {
        List<String> missed = new ArrayList<>();
        for (String before : List.of("", "s", "sl", "slc", "1", "xxxx", "ssss", "slcs", "cl1s", "lllll", "ccc1")) {
            for (String after : List.of("", "1", "slc", "xyz")) {
                String text = before + "slc1" + after;
                if (!IdSeal.mayHold(text.getBytes(StandardCharsets.UTF_8))) missed.add(text);
            }
        }
        assertThat(missed).isEmpty();
        assertThat(IdSeal.mayHold("slc slc2 sl1 c1 lc1 s1c1".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(IdSeal.mayHold(new byte[0])).isFalse();
    }
}
