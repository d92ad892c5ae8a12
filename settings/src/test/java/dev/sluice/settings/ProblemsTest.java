package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Declaration.Document;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.catalogue.Catalogue;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages of everything that can be wrong with a declarative file: they are product. */
class ProblemsTest {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Map<String, String> ENV = Map.of("SET", "a value", "NUMBER", "3");

    private static final SecretResolver SECRETS =
            SecretResolver.of(ENV::get, java.net.http.HttpClient.newHttpClient(), InstantSource.system());

    /** What there is beside the part under test, so that references lead somewhere. */
    private static final String REST = """
            ---
            providerKeys:
              - { name: ok, provider: openai, secret: x }
              - { name: other, provider: groq, secret: x }
              - { name: light, provider: openai, secret: x, weight: 0 }
            services: [{ name: openai, provider: openai, keys: [ok] }]
            modelApis: [{ name: chat, basePath: /taken, domains: [a.example, "*"] }]
            consumerGroups: [{ name: partners }]
            consumers: [{ name: shop }]
            apiKeys: [{ name: first, consumer: shop, secret: sk-first }]
            """;

    static List<Problem> apply(String yaml) {
        Declaration declaration = Declaration.parse(
                List.of(new Document("sluice.yaml", yaml), new Document("rest.yaml", REST.replace("---\n", ""))),
                ENV::get);
        Editor editor = new Editor(CATALOGUE, SECRETS, new Random(1), InstantSource.system());
        return switch (editor.apply(Settings.EMPTY, declaration, Owner.FILE, false)) {
            case Edit.Accepted _ -> List.of();
            case Edit.Refused refused -> refused.problems();
        };
    }

    private static List<String> texts(String yaml) {
        return apply(yaml).stream().map(Problem::text).toList();
    }

    static List<String> cases() {
        return Arrays.stream(CASES.split("\n\n"))
                .map(String::strip)
                .filter(c -> !c.isEmpty())
                .toList();
    }

    /** A case: a document, then each message after {@code =>}. Line numbers count within the document. */
    private static final String CASES = """
            servicess: []
            => sluice.yaml:1: servicess: unknown field (did you mean "services"?)

            endpoints: []
            => sluice.yaml:1: endpoints: unknown field (known: tenant, providerKeys, services, modelApis, consumerGroups, consumers, apiKeys, prices)

            services: { name: x }
            => sluice.yaml:1: services: a mapping (expected: a list)

            [1]
            => sluice.yaml:1: a list (expected: a mapping with tenant, providerKeys, services, modelApis, consumerGroups, consumers, apiKeys, prices)

            tenant: "-x"
            => sluice.yaml:1: tenant: "-x" starts with a separator (expected: a letter or digit)

            services:
              - { name: a, provider: openai }
              - name: b
                provider: openai
                keyPolicy: robin
                keypolicy: x
            => sluice.yaml:6: services[1].keypolicy: unknown field (did you mean "keyPolicy"?)
            => sluice.yaml:5: services[1].keyPolicy: "robin" (expected one of: round-robin, weighted, least-used, failover)

            services: [{ provider: openai }]
            => sluice.yaml:1: services[0].name: required

            services: [text]
            => sluice.yaml:1: services[0]: "text" (expected: a mapping)

            services: [{ name: 1a-, provider: openai }]
            => sluice.yaml:1: services[0].name: "1a-" starts with a digit (expected: a letter)
            => sluice.yaml:1: services[0].name: "1a-" ends with a separator (expected: a letter or digit)

            services: [{ name: "a.b", provider: openai }]
            => sluice.yaml:1: services[0].name: "a.b" contains "." (expected: Chinese or English letters, digits, - and _)

            services: [{ name: "", provider: openai }]
            => sluice.yaml:1: services[0].name: "" (expected: 1 to 60 characters)

            services: [{ name: 模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型a, provider: openai }]
            => sluice.yaml:1: services[0].name: "模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型模型a" has 61 characters (expected: 1 to 60 characters)

            services:
              - { name: a, provider: openai }
              - { name: a, provider: openai }
            => sluice.yaml:3: services[1].name: service "a" is declared twice (first at sluice.yaml:2)

            prices:
              - { provider: openai, model: m, inputPerMillion: 1 }
              - { provider: openai, model: m, aboveInputTokens: 200000, inputPerMillion: 2 }
              - { provider: openai, model: m, aboveInputTokens: 400000, inputPerMillion: 3 }
              - { provider: openai, model: m, aboveInputTokens: 200000, inputPerMillion: 4 }
              - { provider: openai, model: m, aboveInputTokens: 0, inputPerMillion: 5 }
              - { provider: openai, model: m, aboveInputTokens: 200000, inputPerMillion: 6, validFrom: 2027-01-01T00:00:00Z }
            => sluice.yaml:5: prices[3]: price "openai/m+200000" is declared twice (first at sluice.yaml:3)
            => sluice.yaml:6: prices[4]: price "openai/m" is declared twice (first at sluice.yaml:2)

            prices: [{ provider: openai, model: m, aboveInputTokens: -1 }]
            => sluice.yaml:1: prices[0].aboveInputTokens: "-1" (expected: a whole number from 0 to 1000000000)

            services: [{ name: openai, provider: openai }]
            => rest.yaml:5: services[0].name: service "openai" is declared twice (first at sluice.yaml:1)

            services: [{ name: a, provider: opneai }]
            => sluice.yaml:1: services[0].provider: no provider "opneai" in the catalogue (did you mean "openai"?)

            services: [{ name: a }]
            => sluice.yaml:1: services[0].address: required: provider "openai-compatible" has no default address (expected: url, dns or fixed)

            services: [{ name: a, address: {} }]
            => sluice.yaml:1: services[0].address: no address (expected: exactly one of url, dns and fixed)

            services: [{ name: a, address: { url: "http://x/v1", fixed: ["x:1"] } }]
            => sluice.yaml:1: services[0].address: both url and fixed (expected: exactly one of url, dns and fixed)

            services: [{ name: a, address: { dns: [llm, "llm:80", "llm:80"] } }]
            => sluice.yaml:1: services[0].address.dns[0]: "llm" has no port (expected: name:port, IPv6 in brackets)
            => sluice.yaml:1: services[0].address.dns[2]: "llm:80" is listed twice

            services: [{ name: a, address: { url: "http://x/v1", dns: ["x:1"], fixed: ["x:1"] } }]
            => sluice.yaml:1: services[0].address: url, dns and fixed (expected: exactly one of url, dns and fixed)

            services: [{ name: a, address: { url: "http://x/v1" }, balance: { policy: consistent-hash } }]
            => sluice.yaml:1: services[0].balance.hashBy: required by policy: consistent-hash (expected: consumer, prompt-prefix or header:NAME)

            services: [{ name: a, address: { url: "http://x/v1" }, balance: { policy: consistent-hash, hashBy: "header:" } }]
            => sluice.yaml:1: services[0].balance.hashBy: "header:" is nothing to hash by (expected: consumer, prompt-prefix or header:NAME)

            services: [{ name: a, address: { url: "http://x/v1" }, balance: { hashBy: consumer } }]
            => sluice.yaml:1: services[0].balance.hashBy: has no effect without policy: consistent-hash (expected: none)

            services: [{ name: a, address: { url: "http://x/v1" }, health: { active: { path: v1 } } }]
            => sluice.yaml:1: services[0].health.active.path: "v1" is no path (expected: a path such as /v1/models)

            services: [{ name: a, address: { url: "ftp://x/v1", basePath: /v2 } }]
            => sluice.yaml:1: services[0].address.url: "ftp://x/v1" is neither http nor https (expected: http://host[:port]/base or https://host[:port]/base)
            => sluice.yaml:1: services[0].address.basePath: "/v2" belongs to dns and fixed (put the path into url instead)

            services: [{ name: a, address: { url: "https://u:sk-secret@x/v1" } }]
            => sluice.yaml:1: services[0].address.url: a URL with credentials (expected: none; use keys)

            services: [{ name: a, address: { url: "https://x/v1?k=1" } }]
            => sluice.yaml:1: services[0].address.url: "https://x/v1?k=1" has a query (expected: http://host[:port]/base or https://host[:port]/base)

            services: [{ name: a, address: { url: "https:///v1" } }]
            => sluice.yaml:1: services[0].address.url: "https:///v1" has no valid host (expected: http://host[:port]/base or https://host[:port]/base)

            services: [{ name: a, address: { fixed: [10.0.0.256:80, "::1:80", "x", "x:0", "[::1]:65536", "[::g]:80", "y:80", "y:80"] } }]
            => sluice.yaml:1: services[0].address.fixed[0]: "10.0.0.256:80" is no IPv4 address (expected: host:port, IPv6 in brackets)
            => sluice.yaml:1: services[0].address.fixed[1]: "::1:80" is IPv6 without brackets (expected: host:port, IPv6 in brackets)
            => sluice.yaml:1: services[0].address.fixed[2]: "x" has no port (expected: host:port, IPv6 in brackets)
            => sluice.yaml:1: services[0].address.fixed[3]: "x:0" has a port that is not 1 to 65535 (expected: host:port, IPv6 in brackets)
            => sluice.yaml:1: services[0].address.fixed[4]: "[::1]:65536" has a port that is not 1 to 65535 (expected: host:port, IPv6 in brackets)
            => sluice.yaml:1: services[0].address.fixed[5]: "[::g]:80" is no IPv6 address (expected: host:port, IPv6 in brackets)
            => sluice.yaml:1: services[0].address.fixed[7]: "y:80" is listed twice

            services: [{ name: a, kind: agent, provider: openai }]
            => sluice.yaml:1: services[0].kind: "agent" does not go with provider "openai" (expected: ai, or one of the providers bailian-app, dify, coze, custom-agent)

            services: [{ name: a, kind: ai, provider: dify, protocol: native }]
            => sluice.yaml:1: services[0].kind: "ai" does not go with provider "dify" (expected: agent)

            services: [{ name: a, kind: http }]
            => sluice.yaml:1: services[0].address: required: provider "http" has no default address (expected: url, dns or fixed)

            services: [{ name: a, provider: openai, keys: [okk, other] }]
            => sluice.yaml:1: services[0].keys[0]: no provider key "okk" (did you mean "ok"?)

            services: [{ name: a, provider: openai, keys: [other, ok, ok] }]
            => sluice.yaml:1: services[0].keys[2]: "ok" is listed twice

            services: [{ name: a, provider: openai, keys: [other] }]
            => sluice.yaml:1: services[0].keys[0]: provider key "other" is of provider "groq" (expected: "openai")

            services: [{ name: a, provider: openai, keys: [light], keyPolicy: weighted }]
            => sluice.yaml:1: services[0].keys: all weights are 0 with keyPolicy: weighted (expected: at least one above 0)

            services: [{ name: a, provider: openai, modelPolicy: { mode: specified } }]
            => sluice.yaml:1: services[0].modelPolicy.defaultModel: required by mode: specified (expected: the model to send)

            services: [{ name: a, provider: openai, modelPolicy: { onUnknownModel: default-model, fallbackModels: [m] } }]
            => sluice.yaml:1: services[0].modelPolicy.defaultModel: required by onUnknownModel: default-model (expected: the model to send)
            => sluice.yaml:1: services[0].modelPolicy.fallbackModels: has no effect without a defaultModel (expected: a defaultModel)

            services: [{ name: a, provider: openai, modelPolicy: { mode: specified, defaultModel: m, allowedModels: [m] } }]
            => sluice.yaml:1: services[0].modelPolicy.allowedModels: has no effect with mode: specified (expected: mode: passthrough, or no allowedModels)

            services: [{ name: a, provider: openai, modelPolicy: { modelFamilies: { "arn:*": "claude-*" } } }]
            => sluice.yaml:1: services[0].modelPolicy.modelFamilies["arn:*"]: "claude-*" is a pattern (expected: the name of one model)

            services: [{ name: a, provider: openai, modelPolicy: { mapping: { "a b": " ", x: [1] } } }]
            => sluice.yaml:1: services[0].modelPolicy.mapping.x: a list (expected: text)

            services: [{ name: a, provider: openai, timeouts: { connectMs: 0, idleMs: fast, totalMs: 1.5 } }]
            => sluice.yaml:1: services[0].timeouts.connectMs: "0" (expected: a whole number from 1 to 3600000)
            => sluice.yaml:1: services[0].timeouts.idleMs: "fast" (expected: a whole number from 1 to 3600000)
            => sluice.yaml:1: services[0].timeouts.totalMs: "1.5" (expected: a whole number from 1 to 86400000)

            services: [{ name: a, provider: openai, enabled: yes }]
            => sluice.yaml:1: services[0].enabled: "yes" (expected: true or false)

            providerKeys: [{ name: k, provider: openai }]
            => sluice.yaml:1: providerKeys[0].secret: required by a new provider key (expected: the secret, env:NAME, file:PATH or vault:PATH#FIELD)

            providerKeys: [{ name: k, provider: openai, secret: "" }]
            => sluice.yaml:1: providerKeys[0].secret: empty (expected: the secret, env:NAME, file:PATH or vault:PATH#FIELD)

            providerKeys: [{ name: k, provider: openai, secret: "vault:secret/x" }]
            => sluice.yaml:1: providerKeys[0].secret: not a reference that can be resolved (expected: vault:PATH#FIELD)

            providerKeys: [{ name: k, provider: openai, secret: [sk-secret], weight: 1001 }]
            => sluice.yaml:1: providerKeys[0].secret: a list (expected: text)
            => sluice.yaml:1: providerKeys[0].weight: "1001" (expected: a whole number from 0 to 1000)

            providerKeys: [{ name: k, provider: openay, secret: "${UNSET}", note: "${SET", weight: "${NUMBER}" }]
            => sluice.yaml:1: providerKeys[0].secret: environment variable UNSET is not set
            => sluice.yaml:1: providerKeys[0].note: "${SET" is no variable (expected: ${NAME}, or $${ for the text ${)
            => sluice.yaml:1: providerKeys[0].provider: no provider "openay" in the catalogue (did you mean "openai"?)

            modelApis: [{ name: a, basePath: /taken, domains: [A.example] }]
            => rest.yaml:6: modelApis[0].basePath: "/taken" on domain "a.example" is taken by Model API "a" (expected: a domain and base path that no other Model API has)

            modelApis: [{ name: a, basePath: team, domains: [], routes: [v1, "/a b", /x, /x/] }]
            => sluice.yaml:1: modelApis[0].routes[0].path: "v1" does not start with / (expected: a path such as /v1/chat/completions)
            => sluice.yaml:1: modelApis[0].routes[1].path: "/a b" contains a space or control character (expected: a path such as /v1/chat/completions)
            => sluice.yaml:1: modelApis[0].domains: no domain (expected: host names, *.suffix, or *)
            => sluice.yaml:1: modelApis[0].basePath: "team" does not start with / (expected: a path such as /team-a)
            => sluice.yaml:1: modelApis[0].routes[3]: "/x" is listed twice

            modelApis:
              - { name: a, basePath: /a/../b }
              - { name: b, basePath: /a//b }
              - { name: c, basePath: "/a?b" }
            => sluice.yaml:2: modelApis[0].basePath: "/a/../b" contains the segment .. (expected: a path such as /team-a)
            => sluice.yaml:3: modelApis[1].basePath: "/a//b" contains // (expected: a path such as /team-a)
            => sluice.yaml:4: modelApis[2].basePath: "/a?b" contains a query (expected: a path such as /team-a)

            modelApis: [{ name: a, routes: [/v1/files, /v1/assistants], listing: nobody }]
            => sluice.yaml:1: modelApis[0].listing: nobody (expected: everyone, as route "/v1/assistants" is forwarded as it is and may list anything; or routes of known operations only)

            modelApis: [{ name: a, useCase: others, protocol: any, listing: nobody }]
            => sluice.yaml:1: modelApis[0].listing: nobody (expected: everyone, as route "/" is forwarded as it is and may list anything; or routes of known operations only)

            modelApis: [{ name: a, basePath: /a, listing: none }]
            => sluice.yaml:1: modelApis[0].listing: "none" (expected one of: everyone, nobody)

            modelApis: [{ name: a, domains: ["x.example:80", "*x", "-x", "*.x.example"] }]
            => sluice.yaml:1: modelApis[0].domains[0]: "x.example:80" is no domain (expected: a host name without port, *.suffix, or *)
            => sluice.yaml:1: modelApis[0].domains[1]: "*x" is no domain (expected: a host name without port, *.suffix, or *)
            => sluice.yaml:1: modelApis[0].domains[2]: "-x" is no domain (expected: a host name without port, *.suffix, or *)

            modelApis: [{ name: a, protocol: any }]
            => sluice.yaml:1: modelApis[0].protocol: "any" does not go with useCase text-generation (expected: openai or anthropic or gemini or dashscope or bedrock or cohere or hunyuan)

            modelApis: [{ name: a, useCase: telepathy, retries: 6 }]
            => sluice.yaml:1: modelApis[0].useCase: "telepathy" (expected one of: text-generation, image-generation, video-generation, speech, embedding, rerank, others)
            => sluice.yaml:1: modelApis[0].retries: "6" (expected: a whole number from 0 to 5)

            modelApis: [{ name: a, authentication: { mode: api-key, header: "x key", queryParameter: "a&b" } }]
            => sluice.yaml:1: modelApis[0].authentication.header: "x key" (expected: a header name such as x-team-key)
            => sluice.yaml:1: modelApis[0].authentication.queryParameter: "a&b" (expected: letters, digits, -, _, . and ~)

            modelApis: [{ name: a, distribution: { targets: [] } }]
            => sluice.yaml:1: modelApis[0].distribution.strategy: required (expected one of: single, by-model-name, by-proportion)

            modelApis: [{ name: a, distribution: { strategy: best } }]
            => sluice.yaml:1: modelApis[0].distribution.strategy: "best" (expected one of: single, by-model-name, by-proportion)

            modelApis: [{ name: a, distribution: { strategy: single, targets: [{ service: openai }, { service: openia, weight: 1 }] } }]
            => sluice.yaml:1: modelApis[0].distribution.targets[1].weight: unknown field (known: service, model)
            => sluice.yaml:1: modelApis[0].distribution.targets[1].service: no service "openia" (did you mean "openai"?)

            modelApis: [{ name: a, distribution: { strategy: single, targets: [{ service: openai }, { service: openai }] } }]
            => sluice.yaml:1: modelApis[0].distribution.targets: 2 targets (expected: at most one; use strategy: by-proportion or by-model-name)

            modelApis:
              - name: a
                distribution:
                  strategy: single
                  targets:
                    - service: openia
            => sluice.yaml:6: modelApis[0].distribution.targets[0].service: no service "openia" (did you mean "openai"?)

            modelApis: [{ name: a, distribution: { strategy: by-model-name, targets: [{ pattern: "gpt-*", service: openai }, { pattern: "gpt-4?", service: openai }, { pattern: "*", service: openai }, { pattern: x, service: openai }, { pattern: "", service: openai }] } }]
            => sluice.yaml:1: modelApis[0].distribution.targets[1].pattern: "gpt-4?" can never match: rule "gpt-*" before it takes every such model
            => sluice.yaml:1: modelApis[0].distribution.targets[3].pattern: "x" can never match: rule "*" before it takes every such model
            => sluice.yaml:1: modelApis[0].distribution.targets[4].pattern: "" (expected: a model name)

            modelApis: [{ name: a, distribution: { strategy: by-proportion, stickyBy: cookie, targets: [{ service: openai, weight: 0 }] } }]
            => sluice.yaml:1: modelApis[0].distribution.targets: all weights are 0 (expected: at least one above 0)
            => sluice.yaml:1: modelApis[0].distribution.stickyBy: "cookie" (expected one of: none, consumer, header:NAME)

            modelApis: [{ name: a, fallback: { on: [], steps: [{ service: openai }] } }]
            => sluice.yaml:1: modelApis[0].fallback.steps: can never be tried: on and statusCodes are empty (expected: at least one of them)

            modelApis: [{ name: a, fallback: { on: [sometimes], statusCodes: [200] } }]
            => sluice.yaml:1: modelApis[0].fallback.on[0]: "sometimes" (expected one of: connect-error, timeout, first-packet-timeout, rate-limited, server-error, provider-auth, any-4xx, content-filter, context-length, gateway-refusal)

            modelApis: [{ name: a, fallback: { statusCodes: [200, x] } }]
            => sluice.yaml:1: modelApis[0].fallback.statusCodes[1]: "x" (expected: a whole number)

            modelApis: [{ name: a, fallback: { statusCodes: [200] } }]
            => sluice.yaml:1: modelApis[0].fallback.statusCodes[0]: 200 (expected: a status of a failure, 300 to 599)

            consumers: [{ name: a, groups: [partner, partner], modelApis: [{ name: chta, expiresAt: soon }] }]
            => sluice.yaml:1: consumers[0].modelApis[0].expiresAt: "soon" (expected: a time such as 2027-01-01T00:00:00Z)
            => sluice.yaml:1: consumers[0].groups[0]: no consumer group "partner" (did you mean "partners"?)
            => sluice.yaml:1: consumers[0].groups[1]: no consumer group "partner" (did you mean "partners"?)
            => sluice.yaml:1: consumers[0].modelApis[0].name: no Model API "chta" (did you mean "chat"?)

            consumers: [{ name: a, groups: [partner], modelApis: [chta] }]
            => sluice.yaml:1: consumers[0].groups[0]: no consumer group "partner" (did you mean "partners"?)
            => sluice.yaml:1: consumers[0].modelApis[0].name: no Model API "chta" (did you mean "chat"?)

            apiKeys: [{ name: k, consumer: shpo, secret: env:UNSET, allowedIps: [10.0.0.0/33, "::1/129", x, 10.0.0.1] }]
            => sluice.yaml:1: apiKeys[0].allowedIps[0]: "10.0.0.0/33" has a prefix length that is not 0 to 32 (expected: an address or range such as 10.0.0.0/8)
            => sluice.yaml:1: apiKeys[0].allowedIps[1]: "::1/129" has a prefix length that is not 0 to 128 (expected: an address or range such as 10.0.0.0/8)
            => sluice.yaml:1: apiKeys[0].allowedIps[2]: "x" is no address or range (expected: an address or range such as 10.0.0.0/8)
            => sluice.yaml:1: apiKeys[0].consumer: no consumer "shpo" (did you mean "shop"?)
            => sluice.yaml:1: apiKeys[0].secret: environment variable UNSET is not set

            apiKeys: [{ name: k, consumer: shpo, secret: env:UNSET }]
            => sluice.yaml:1: apiKeys[0].secret: environment variable UNSET is not set
            => sluice.yaml:1: apiKeys[0].consumer: no consumer "shpo" (did you mean "shop"?)

            apiKeys: [{ name: k, consumer: shop, secret: sk-first }]
            => rest.yaml:9: apiKeys[0].secret: is also the secret of API key "k" (expected: a secret of its own)

            apiKeys: [{ name: k, consumer: shop, credential: { hash: x } }]
            => sluice.yaml:1: apiKeys[0].credential: unknown field (known: name, description, consumer, secret, enabled, expiresAt, allowedIps, allowedModels, allowedModelApis, limits, quota, resourceGroup)

            prices: [{ provider: opena, model: m, inputPerMillion: -1, outputPerMillion: 0.0000001, currency: dollar }]
            => sluice.yaml:1: prices[0].inputPerMillion: -1 (expected: 0 to 1000000 with at most 6 decimal places)
            => sluice.yaml:1: prices[0].outputPerMillion: 0.0000001 (expected: 0 to 1000000 with at most 6 decimal places)
            => sluice.yaml:1: prices[0].currency: "dollar" (expected: three capital letters such as USD)
            => sluice.yaml:1: prices[0].provider: no provider "opena" in the catalogue (did you mean "openai"?)

            prices: [{ provider: opena, model: m, inputPerMillion: 1, outputPerMillion: 1 }, { provider: "*", model: m, inputPerMillion: 1, outputPerMillion: x }]
            => sluice.yaml:1: prices[1].outputPerMillion: "x" (expected: a decimal number such as 2.50)
            => sluice.yaml:1: prices[0].provider: no provider "opena" in the catalogue (did you mean "openai"?)

            prices: [{ provider: opena, model: m, inputPerMillion: 1, outputPerMillion: 1 }, { provider: "*", model: m, inputPerMillion: 1, outputPerMillion: 1 }]
            => sluice.yaml:1: prices[0].provider: no provider "opena" in the catalogue (did you mean "openai"?)
            """;

    @ParameterizedTest
    @MethodSource("cases")
    void everyProblemIsToldInFull(String text) {
        List<String> lines = text.lines().toList();
        String yaml = String.join(
                "\n", lines.stream().filter(l -> !l.startsWith("=> ")).toList());
        List<String> expected = lines.stream()
                .filter(l -> l.startsWith("=> "))
                .map(l -> l.substring(3))
                .toList();
        assertThat(texts(yaml)).containsExactlyElementsOf(expected);
    }

    @Test
    void oneRunTellsWhatCannotBeReadAndWhatLeadsNowhere() {
        assertThat(texts("""
                services:
                  - { name: half, provider: openai, keyPolicy: robin, keys: [okk] }
                modelApis:
                  - name: a
                    basePath: /a
                    distribution:
                      strategy: single
                      targets: [{ service: half }]
                  - name: b
                    basePath: /b
                    distribution:
                      strategy: single
                      targets: [{ service: hlaf }]
                consumers: [{ name: c, modelApis: [nowhere] }]
                """))
                .containsExactly(
                        "sluice.yaml:2: services[0].keyPolicy: \"robin\""
                                + " (expected one of: round-robin, weighted, least-used, failover)",
                        "sluice.yaml:13: modelApis[1].distribution.targets[0].service: no service \"hlaf\"",
                        "sluice.yaml:14: consumers[0].modelApis[0].name: no Model API \"nowhere\"",
                        "sluice.yaml:2: services[0].keys[0]: no provider key \"okk\" (did you mean \"ok\"?)");
    }

    @Test
    void whereNamesAreNotCertainNoReferenceIsCalledWrong() {
        assertThat(texts("""
                servicess: [{ name: s, provider: openai }]
                modelApis: [{ name: a, basePath: /a, distribution: { strategy: single, targets: [{ service: s }] } }]
                """)).containsExactly("sluice.yaml:1: servicess: unknown field (did you mean \"services\"?)");
        assertThat(texts("""
                services: [{ provider: openai }]
                modelApis: [{ name: a, basePath: /a, distribution: { strategy: single, targets: [{ service: s }] } }]
                """)).containsExactly("sluice.yaml:1: services[0].name: required");
    }

    @Test
    void aResourceThatCannotBeReadDoesNotStandForWhatItWasBefore() {
        Editor editor = new Editor(CATALOGUE, SECRETS, new Random(1), InstantSource.system());
        Declaration before =
                Declaration.parse(List.of(new Document("a.yaml", "modelApis: [{ name: a, basePath: /x }]")), ENV::get);
        Settings settings = ((Edit.Accepted) editor.apply(Settings.EMPTY, before, Owner.FILE, false)).settings();
        Declaration after = Declaration.parse(
                List.of(new Document(
                        "a.yaml", "modelApis: [{ name: a, basePath: /y, retries: 9 }, { name: b, basePath: /x }]")),
                ENV::get);

        Edit.Refused refused = (Edit.Refused) editor.apply(settings, after, Owner.FILE, true);

        assertThat(refused.problems().stream().map(Problem::path)).containsExactly("modelApis[0].retries");
    }

    @Test
    void variablesAreReplacedAndTheEscapeIsNot() {
        assertThat(texts("providerKeys: [{ name: k, provider: openai, secret: x, weight: \"${NUMBER}\" }]"))
                .isEmpty();
        Declaration declaration = Declaration.parse(
                List.of(new Document(
                        "a.json",
                        "{\"providerKeys\": [{\"name\": \"k\", \"provider\": \"openai\", \"secret\": \"x\","
                                + " \"note\": \"$${SET} is ${SET}\", \"weight\": \"${NUMBER}\"}]}")),
                ENV::get);
        assertThat(declaration.problems()).isEmpty();
        ProviderKey key = (ProviderKey) declaration.resources().getFirst().spec();
        assertThat(key.note()).isEqualTo("${SET} is a value");
        assertThat(key.weight()).isEqualTo(3);
    }

    @Property(tries = 500)
    void arbitraryTextNeverThrows(@ForAll @StringLength(max = 200) String text) {
        assertThat(apply(text)).isNotNull();
    }

    @Property(tries = 500)
    void aValidDocumentWithDamageNeverThrows(@ForAll int seed) {
        Random random = new Random(seed);
        StringBuilder damaged = new StringBuilder(ALL);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.deleteCharAt(at);
                case 1 -> damaged.setCharAt(at, "{}[]:,-\"' \nx0*&".charAt(random.nextInt(15)));
                default -> damaged.insert(at, ALL, random.nextInt(20), 20 + random.nextInt(20));
            }
        }
        assertThat(apply(damaged.toString())).isNotNull();
    }

    private static final String ALL = """
            tenant: t1
            providerKeys: [{ name: k, provider: openai, secret: env:SET }]
            services:
              - name: s
                provider: openai
                address: { url: "https://api.example:8443/v1" }
                keys: [k]
                modelPolicy: { mode: specified, defaultModel: m, mapping: { a: b } }
              - { name: f, address: { fixed: ["[::1]:80", "10.0.0.1:81"], basePath: /v1 } }
            modelApis:
              - name: api
                domains: ["*.x.example"]
                basePath: /p
                routes: [/v1/chat/completions, { path: /x, operation: opaque }]
                distribution: { strategy: by-model-name, targets: [{ pattern: "a*", service: s }] }
                fallback: { statusCodes: [499], steps: [{ service: f, model: m }] }
            consumers: [{ name: c, groups: [], modelApis: [{ name: api, expiresAt: 2027-01-01T00:00:00Z }] }]
            apiKeys: [{ name: key, consumer: c, allowedIps: ["10.0.0.0/8", "fe80::/10"], limits: { rpm: 1 } }]
            prices: [{ provider: "*", model: "m*", inputPerMillion: 2.5, outputPerMillion: 10 }]
            """;

    @Test
    void theDocumentThatIsDamagedAboveIsValid() {
        assertThat(texts(ALL)).isEmpty();
    }
}
