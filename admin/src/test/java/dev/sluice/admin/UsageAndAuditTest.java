package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.traffic.usage.UsageQuery.Dimension;
import dev.sluice.traffic.usage.UsageRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UsageAndAuditTest {
    @RegisterExtension
    final AdminFixture gateway = new AdminFixture();

    private static UsageRow row(String key, String model) {
        return new UsageRow(
                Map.of(Dimension.API_KEY, key, Dimension.MODEL, model),
                4,
                1,
                100,
                20,
                7,
                50,
                5,
                3,
                2_500,
                0,
                8_000,
                1_234);
    }

    @Test
    void sumsUpUsageByTheGroupsAskedFor() {
        gateway.usage = List.of(row("shop-key", "gpt-4o"));
        Reply reply = gateway.client()
                .get("/admin/v1/usage?from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00%2B01:00&groupBy=apiKey,model"
                        + "&consumer=shop");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .isEqualTo(
                        "{\"items\":[{\"apiKey\":\"shop-key\",\"model\":\"gpt-4o\",\"calls\":4,\"failedCalls\":1,"
                                + "\"inputTokens\":100,\"cachedInputTokens\":20,\"cacheWrittenTokens\":7,\"outputTokens\":50,\"reasoningTokens\":5,"
                                + "\"totalTokens\":150,\"images\":3,\"audioSeconds\":2.5,\"characters\":0,\"videoSeconds\":8,\"costMicros\":1234}],\"total\":1}");
        assertThat(gateway.queries).singleElement().satisfies(query -> {
            assertThat(query.groupBy()).containsExactly(Dimension.API_KEY, Dimension.MODEL);
            assertThat(query.from()).isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
            assertThat(query.to()).isEqualTo(Instant.parse("2026-11-19T23:00:00Z"));
            assertThat(query.filters()).isEqualTo(Map.of(Dimension.CONSUMER, "shop"));
        });
    }

    @Test
    void looksBackOneMonthUnlessAskedOtherwise() {
        assertThat(gateway.client().get("/admin/v1/usage").status()).isEqualTo(200);
        assertThat(gateway.queries.getFirst().from()).isEqualTo(Instant.parse("2026-10-20T12:00:00Z"));
        assertThat(gateway.queries.getFirst().to()).isEqualTo(Instant.parse("2026-11-20T12:00:00Z"));
        assertThat(gateway.queries.getFirst().groupBy()).isEmpty();
        gateway.client().get("/admin/v1/usage?from=2026-11-01");
        assertThat(gateway.queries.get(1).from()).isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
    }

    @Test
    void refusesBadRangesAndDimensions() {
        for (String query : List.of(
                "from=yesterday",
                "to=2026-13-01",
                "groupBy=color",
                "groupBy=apiKey,",
                "from=2026-11-20T00:00:00Z&to=2026-11-01T00:00:00Z",
                "from=2026-11-01&from=2026-11-02")) {
            Reply reply = gateway.client().get("/admin/v1/usage?" + query);
            assertThat(reply.status()).as(query).isEqualTo(400);
            assertThat((List<?>) reply.at("error.problems")).isNotEmpty();
        }
        assertThat(gateway.queries).isEmpty();
    }

    @Test
    void downloadsUsageAsATable() {
        gateway.usage = List.of(row("=HYPERLINK(\"x\")", "a,b"), row("plain", "m"));
        Reply reply = gateway.client().get("/admin/v1/usage.csv?groupBy=apiKey,model");
        assertThat(reply.header("content-type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(reply.header("content-disposition")).contains("usage.csv");
        assertThat(reply.body().split("\r\n"))
                .containsExactly(
                        "apiKey,model,calls,failedCalls,inputTokens,cachedInputTokens,cacheWrittenTokens,outputTokens,reasoningTokens,totalTokens,images,audioSeconds,characters,videoSeconds,costMicros",
                        "\"'=HYPERLINK(\"\"x\"\")\",\"a,b\",4,1,100,20,7,50,5,150,3,2.5,0,8,1234",
                        "plain,m,4,1,100,20,7,50,5,150,3,2.5,0,8,1234");
    }

    @Test
    void streamsALongTableWhole() {
        gateway.usage =
                IntStream.range(0, 20_000).mapToObj(i -> row("key-" + i, "m")).toList();
        Reply reply = gateway.client().get("/admin/v1/usage.csv?groupBy=apiKey");
        assertThat(reply.body().lines()).hasSize(20_001);
        assertThat(reply.header("transfer-encoding")).isEqualTo("chunked");
    }

    @Test
    void listsTheAuditLogNewestFirst() {
        gateway.audit.add("alice", "create", "services", "one");
        gateway.audit.add("bob", "update", "services", "one");
        gateway.audit.add("alice", "delete", "services", "two");
        Reply all = gateway.client().get("/admin/v1/audit?limit=2");
        assertThat(all.each("action")).containsExactly("delete", "update");
        assertThat(all.at("total")).isEqualTo(3);
        assertThat(gateway.client().get("/admin/v1/audit?actor=alice&name=one").each("action"))
                .containsExactly("create");
        assertThat(gateway.client().get("/admin/v1/audit?from=2026-11-21").at("total"))
                .isEqualTo(0);
        assertThat(gateway.client().get("/admin/v1/audit?from=soon").status()).isEqualTo(400);
    }

    @Test
    void tellsWhetherTheAuditLogIsWhole() {
        assertThat(gateway.client().get("/admin/v1/audit/verify").body()).isEqualTo("{\"intact\":true}");
        gateway.audit.broken = 17;
        assertThat(gateway.client().get("/admin/v1/audit/verify").at("firstBroken"))
                .isEqualTo(17);
    }
}
