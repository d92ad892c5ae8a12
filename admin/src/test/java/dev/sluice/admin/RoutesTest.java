package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.routes.RouteExplainer;
import dev.sluice.admin.routes.Trial;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Kind;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.Operation;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Yaml;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RoutesTest {
    @RegisterExtension
    final AdminFixture gateway = new AdminFixture();

    private static BoundModelApi api(String yaml) {
        Declaration declaration = Declaration.of(
                "default", Kind.MODEL_API, Yaml.read("", yaml, new Problems()).orElseThrow());
        return new BoundModelApi(
                "api_1",
                "default",
                (ModelApi) declaration.resources().getFirst().spec(),
                Map.of());
    }

    private final BoundModelApi chat = api("{name: chat, basePath: /team}");
    private final Route completions =
            new Route("rte_1", chat, Operation.CHAT_COMPLETIONS, "*", "/team/v1/chat/completions", false, "/chat");
    private final Route other =
            new Route("rte_2", chat, Operation.OPAQUE, "llm.example.com", "/team/own", true, "/own");
    private final Route models = new Route("rte_3", chat, Operation.MODELS, "*", "/team/v1/models", false, "/models");

    @BeforeEach
    void serveRoutes() {
        gateway.routes = List.of(completions, other, models);
    }

    @Test
    void listsRoutesWithTypeMethodAndPath() {
        Reply reply = gateway.client().get("/admin/v1/routes?sort=path");
        assertThat(reply.each("path")).containsExactly("/team/own", "/team/v1/chat/completions", "/team/v1/models");
        assertThat(reply.each("type")).containsExactly("custom", "preset", "preset");
        assertThat(reply.each("method")).containsExactly("*", "POST", "GET");
        assertThat(reply.each("operation")).containsExactly("opaque", "chat-completions", "models");
        assertThat(reply.each("modelApi")).containsOnly("chat");
    }

    @Test
    void filtersAndPagesRoutes() {
        assertThat(gateway.client().get("/admin/v1/routes?type=custom").each("id"))
                .containsExactly("rte_2");
        assertThat(gateway.client()
                        .get("/admin/v1/routes?host=llm.example.com&modelApi=chat")
                        .at("total"))
                .isEqualTo(1);
        assertThat(gateway.client().get("/admin/v1/routes?q=models").each("id")).containsExactly("rte_3");
        Reply page = gateway.client().get("/admin/v1/routes?sort=id&offset=1&limit=1");
        assertThat(page.each("id")).containsExactly("rte_2");
        assertThat(page.at("total")).isEqualTo(3);
        assertThat(gateway.client().get("/admin/v1/routes?type=odd").status()).isEqualTo(400);
    }

    @Test
    void explainsWhereACallWouldGo() {
        gateway.explanation = new RouteExplainer.Explanation(
                completions,
                List.of(new RouteExplainer.Step("openai", "gpt-4o", "rule \"gpt-*\"")),
                List.of("service \"b\" is disabled"),
                null);
        Reply reply = gateway.client()
                .post(
                        "/admin/v1/routes/try",
                        "{\"host\":\"x\",\"path\":\"/team/v1/chat/completions\",\"model\":\"gpt-4o\","
                                + "\"apiKey\":\"shop-key\",\"headers\":{\"x-a\":\"b\"}}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.text("route.id")).isEqualTo("rte_1");
        assertThat(reply.text("targets.0.why")).isEqualTo("rule \"gpt-*\"");
        assertThat(reply.at("passedOver")).isEqualTo(List.of("service \"b\" is disabled"));
        assertThat(gateway.trials)
                .containsExactly(new Trial("x", "/team/v1/chat/completions", "gpt-4o", "shop-key", Map.of("x-a", "b")));
    }

    @Test
    void explainsWhyACallWouldBeRefused() {
        gateway.explanation = new RouteExplainer.Explanation(
                null, List.of(), List.of(), new RouteExplainer.Refused(404, "route_not_found", "no route for /nope"));
        Reply reply = gateway.client().post("/admin/v1/routes/try", "{\"path\":\"/nope\"}");
        assertThat(reply.at("route")).isNull();
        assertThat(reply.at("refusal.status")).isEqualTo(404);
        assertThat(gateway.client()
                        .post("/admin/v1/routes/try", "{\"model\":\"m\"}")
                        .status())
                .isEqualTo(400);
    }
}
