package dev.sluice.settings.catalogue;

import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.catalogue.Provider.ProviderKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The documentation of a provider, written from its row. */
final class ProviderPage {
    /** Left out only where none may be called. */
    private static final Set<String> TOOLS = Set.of("tools", "tool_choice");

    private static final String NOTICE = "<!-- Generated from catalogue.yaml; see docs/guide-providers.md. -->\n";
    private final StringBuilder page = new StringBuilder();

    private ProviderPage() {}

    static String of(Provider provider, @Nullable Tariff tariff) {
        ProviderPage page = new ProviderPage();
        page.write(provider);
        if (tariff != null) page.prices(tariff);
        return page.page.toString();
    }

    /** The list of all pages. */
    static String index(List<Provider> providers) {
        StringBuilder page = new StringBuilder("# Providers by name\n").append(NOTICE);
        page.append("\nHow services name them: [providers](../guide-providers.md).\n\n");
        page.append("| provider | id | protocols | does |\n|---|---|---|---|\n");
        for (Provider p : providers) {
            page.append("| [")
                    .append(p.displayName())
                    .append("](")
                    .append(p.id())
                    .append(".md) | `");
            page.append(p.id()).append("` | ").append(protocols(p)).append(" | ");
            page.append(tasks(p)).append(" |\n");
        }
        return page.toString();
    }

    private void write(Provider p) {
        page.append("# ").append(p.displayName()).append('\n').append(NOTICE).append('\n');
        page.append("```yaml\n");
        if (p.keysUrl() != null)
            page.append("providerKeys:\n  - { name: my-key, provider: ")
                    .append(p.id())
                    .append(", secret: env:MY_KEY }\n");
        boolean http = p.kind() == ProviderKind.HTTP;
        page.append("services:\n  - { name: my-service, ").append(http ? "kind: http" : "provider: " + p.id());
        Offer first = p.openai() == null ? Objects.requireNonNull(p.own()) : p.openai();
        if (p.openai() == null && !http) page.append(", protocol: native");
        if (p.keysUrl() != null) page.append(", keys: [my-key]");
        if (first.url() == null)
            page.append(", address: { url: \"").append(example(p, first)).append("\" }");
        if (first.forms().contains(WireForm.BAILIAN_APP)) page.append(", options: { appId: my-app }");
        page.append(" }\n```\n\n");
        if (http) {
            page.append(
                    "Any backend, for Model APIs with `useCase: others` and `protocol: any`: calls are forwarded as they are. ");
            page.append("A provider key, if there is one, is sent as `Authorization: Bearer KEY`.\n");
            return;
        }
        if (p.keysUrl() != null) page.append("Keys: <").append(p.keysUrl()).append(">\n\n");
        offer(p, "`protocol: openai`", p.openai());
        offer(p, "`protocol: native`", p.own());
        if (p.variant() != null)
            offer(
                    p,
                    p.id().equals("bedrock")
                            ? "`protocol: native`, `endpointMode: mantle`"
                            : "`protocol: native`, `authentication: express`",
                    p.variant());
        facts(p);
        if (!p.models().isEmpty()) {
            page.append("## Models\nSuggestions; any other name works as well. ");
            page.append(p.models().stream().map(m -> "`" + m + "`").collect(Collectors.joining(", ")));
            page.append('\n');
        }
    }

    private void prices(Tariff tariff) {
        page.append("\n## Prices\nIn ").append(tariff.currency()).append(" per million tokens, from <");
        page.append(tariff.source()).append(">. They hold where no price is declared ([usage](../usage.md#prices))");
        if (!tariff.hosts().isEmpty()) page.append(" and the service is at ").append(code(tariff.hosts()));
        page.append(". Check them against your contract.");
        if (tariff.batchFactor().compareTo(BigDecimal.ONE) != 0)
            page.append(" Batches pay ").append(number(tariff.batchFactor())).append(" of it.");
        page.append(
                "\n\n| model | input | from the cache | to the cache | output | known from | |\n|---|---|---|---|---|---|---|\n");
        for (Tariff.Row row : tariff.rows()) {
            String note = row.perSecond() == null ? row.note() : number(row.perSecond()) + " per second of sound";
            page.append("| ")
                    .append(code(row.models()))
                    .append(above(row))
                    .append(" | ")
                    .append(number(row.input()));
            page.append(" | ").append(number(row.cachedInput())).append(" | ").append(number(row.cacheWrittenInput()));
            page.append(" | ").append(number(row.output())).append(" | ").append(row.from());
            page.append(" | ").append(note).append(" |\n");
        }
    }

    private static String above(Tariff.Row row) {
        return row.aboveInputTokens() == 0 ? "" : " above " + row.aboveInputTokens() + " tokens of input";
    }

    private static String number(@Nullable BigDecimal number) {
        return number == null ? "" : number.toPlainString();
    }

    private void offer(Provider p, String title, @Nullable Offer offer) {
        if (offer == null) return;
        page.append("## ").append(title).append('\n');
        page.append("Address: ");
        page.append(offer.url() == null ? "your own, such as `" + example(p, offer) + "`" : "`" + offer.url() + "`");
        if (!offer.defaultRegion().isEmpty())
            page.append(" (`options.region`; left out: `")
                    .append(offer.defaultRegion())
                    .append("`)");
        page.append(". Key: ").append(key(offer.auth())).append(".\n\n");
        if (!offer.regions().isEmpty()) {
            page.append("| region | address |\n|---|---|\n");
            new TreeMap<>(offer.regions())
                    .forEach((region, url) -> page.append("| `")
                            .append(region)
                            .append("` | `")
                            .append(url)
                            .append("` |\n"));
            page.append('\n');
        }
        page.append("| task | form | path |\n|---|---|---|\n");
        for (WireForm form : offer.forms()) {
            page.append("| ")
                    .append(kebab(form.task()))
                    .append(" | ")
                    .append(kebab(form))
                    .append(" | `");
            page.append(offer.path(form, false)).append('`');
            if (!offer.path(form, true).equals(offer.path(form, false)))
                page.append(", `").append(offer.path(form, true)).append('`');
            page.append(" |\n");
        }
        page.append('\n');
        if (!offer.extras().isEmpty())
            page.append("Passes on unread: ")
                    .append(offer.extras().stream().map(ProviderPage::kebab).collect(Collectors.joining(", ")))
                    .append(".\n");
        page.append(
                offer.open()
                        ? "Whether it has more is not known: it is asked.\n\n"
                        : "A call for anything else is refused before it is sent.\n\n");
    }

    private void facts(Provider p) {
        page.append("## What is particular\n");
        if (p.kind() == ProviderKind.AGENT)
            page.append("- An agent: called like a model, keeps its conversation itself.\n")
                    .append(whenNobodyWaits(p));
        page.append("- Error codes: ").append(codes(p.errors())).append(".\n");
        page.append("- Headers that tell when to come back: `retry-after`");
        switch (p.rateLimits()) {
            case NONE -> {}
            case X_RATELIMIT -> page.append(", `x-ratelimit-reset-*`");
            case ANTHROPIC -> page.append(", `anthropic-ratelimit-*-reset`");
        }
        page.append(".\n");
        if (p.openai() != null) {
            page.append("- Usage in a stream of the OpenAI protocol: ")
                    .append(kebab(p.usageInStream()))
                    .append(".\n");
        }
        for (DialectRule rule : p.dialect()) {
            List<String> what = new ArrayList<>();
            if (rule.reasoning() != null) what.add("wishes about thinking: " + kebab(rule.reasoning()));
            if (!rule.efforts().isEmpty())
                what.add("efforts: "
                        + code(rule.efforts().stream().map(ProviderPage::kebab).toList()));
            if (rule.thinksUnasked() != null)
                what.add(rule.thinksUnasked() ? "told not to think unless asked to" : "not told not to think");
            if (rule.maxTokens() != null)
                what.add("output is limited by `" + rule.maxTokens().name().toLowerCase(Locale.ROOT) + "`");
            if (rule.thoughtsBack() != null) what.add("thoughts of earlier turns: " + kebab(rule.thoughtsBack()));
            if (!rule.toolChoices().isEmpty())
                what.add("choice of tools: "
                        + code(rule.toolChoices().stream()
                                .map(ProviderPage::kebab)
                                .toList()));
            if (rule.callIds() == DialectRule.CallIds.NINE) what.add("ids of calls: nine letters and digits");
            if (rule.mostStops() != null) what.add("stop sequences: at most " + rule.mostStops());
            if (Boolean.FALSE.equals(rule.authorNames())) what.add("messages without `name`");
            if (Boolean.TRUE.equals(rule.developers())) what.add("messages may have the role `developer`");
            if (!rule.extensions().isEmpty()) what.add("further members: " + code(rule.extensions()));
            particular("Translated requests", rule.models(), what);
        }
        for (ParameterRule rule : p.rules()) {
            List<String> what = new ArrayList<>();
            if (rule.drop().contains("tools"))
                particular("Translated requests", rule.models(), List.of("tools that may be called are refused"));
            List<String> dropped = rule.drop().stream()
                    .filter(member -> !TOOLS.contains(member))
                    .toList();
            if (!dropped.isEmpty()) what.add("left out: " + code(dropped));
            sorted(rule.rename()).forEach((from, to) -> what.add("`" + from + "` is called `" + to + "`"));
            sorted(rule.clamp()).forEach((member, range) -> what.add("`" + member + "` is kept within " + range));
            particular("Translated requests (and those for another model than was named)", rule.models(), what);
        }
        if (!p.repeating().isEmpty())
            page.append("- Translated streams of ")
                    .append(code(p.repeating()))
                    .append(" may repeat what came before; it is told once.\n");
        for (EmbeddingBatch batch : p.embeddingBatches()) {
            page.append("- Embeddings");
            if (!batch.models().isEmpty()) page.append(" of ").append(code(batch.models()));
            page.append(": at most ").append(batch.inputs());
            page.append(batch.inputs() == 1 ? " input" : " inputs").append(" in one call.\n");
        }
        for (OutputLimit limit : p.outputLimits()) {
            page.append("- Most tokens of an answer of ").append(code(limit.models()));
            page.append(": ").append(limit.tokens()).append(".\n");
        }
        page.append('\n');
    }

    private void particular(String which, List<String> models, List<String> what) {
        if (what.isEmpty()) return;
        page.append("- ").append(which);
        if (!models.isEmpty()) page.append(" for ").append(code(models));
        page.append(": ").append(String.join("; ", what)).append(".\n");
    }

    /** What becomes of an agent's work when its client leaves. */
    private static String whenNobodyWaits(Provider p) {
        Offer own = p.own();
        if (own == null) return "";
        return switch (own.forms().getFirst()) {
            case DIFY_CHAT ->
                "- When nobody waits for an answer any more, its task is stopped: `/chat-messages/TASK/stop`, "
                        + "`/completion-messages/TASK/stop`, `/workflows/tasks/TASK/stop`.\n";
            case COZE_CHAT ->
                "- When nobody waits for an answer any more, the chat is ended, so that its conversation takes another: "
                        + "`/v3/chat/cancel`, for which the token needs the permission `cancelChat`. "
                        + "Coze charges all of the answer nevertheless.\n";
            case BAILIAN_APP ->
                "- When nobody waits for an answer any more, the connection is closed and no more: "
                        + "a call that stops an application is not documented.\n";
            default -> "";
        };
    }

    private static Map<String, String> sorted(Map<String, String> map) {
        return new TreeMap<>(map);
    }

    private static String example(Provider p, Offer offer) {
        if (p.kind() == ProviderKind.HTTP) return "https://backend.example.com";
        return offer.emptyPath() == null
                ? "https://models.example.com/v1"
                : "https://RESOURCE." + (p.id().equals("azure-openai") ? "openai" : "services.ai") + ".azure.com"
                        + offer.emptyPath();
    }

    private static String key(Auth auth) {
        return switch (auth) {
            case BEARER -> "`Authorization: Bearer KEY`";
            case RAW -> "`Authorization: KEY`";
            case X_API_KEY -> "`x-api-key: KEY`";
            case X_GOOG_API_KEY -> "`x-goog-api-key: KEY`";
            case AZURE -> "`api-key: KEY`, or the JSON of an Entra application or a managed identity";
            case AZURE_ANTHROPIC -> "`x-api-key: KEY`, or the JSON of an Entra application or a managed identity";
            case AWS -> "`ACCESS_KEY_ID:SECRET[:SESSION_TOKEN]`, signed with SigV4, or an API key";
            case GOOGLE -> "the JSON of a service account, or an express key";
            case TC3 -> "`SECRET_ID:SECRET_KEY[:TOKEN]`, signed with TC3-HMAC-SHA256";
        };
    }

    private static String codes(Provider.ErrorDialect dialect) {
        return switch (dialect) {
            case WORDS -> "words";
            case ZHIPU -> "Zhipu's numbers";
            case MINIMAX -> "MiniMax's numbers, inside an answer with status 200";
            case SPARK -> "Spark's numbers, inside an answer with status 200";
            case COHERE -> "words; status 498 is a bad key";
            case COZE -> "Coze's numbers, often inside an answer with status 200";
            case DIFY -> "words, some of which only Dify means so";
        };
    }

    private static String protocols(Provider p) {
        if (p.openai() == null) return "native";
        return p.own() == null ? "openai" : "openai, native";
    }

    private static String tasks(Provider p) {
        return Stream.of(p.openai(), p.own(), p.variant())
                .filter(Objects::nonNull)
                .flatMap(o -> o.forms().stream())
                .map(WireForm::task)
                .distinct()
                .sorted()
                .map(ProviderPage::kebab)
                .collect(Collectors.joining(", "));
    }

    private static String code(List<String> names) {
        return names.stream().map(n -> "`" + n + "`").collect(Collectors.joining(", "));
    }

    private static String kebab(Enum<?> value) {
        return Binder.kebab(value.name());
    }
}
