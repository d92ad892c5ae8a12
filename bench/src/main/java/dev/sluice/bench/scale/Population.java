package dev.sluice.bench.scale;

import dev.sluice.bench.load.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Teams of up to ten Model APIs, each with one consumer, who may call them, and its share of the API keys. Each team has a domain of its
 * own, each of its Model APIs a base path. Everything is on, as in the comparison: limits, a quota, a price, metrics.
 */
record Population(int apiKeys, int modelApis) {
    private static final int MODEL_APIS_OF_A_TEAM = 10;
    private static final int KEYS_OF_A_DOCUMENT = 20_000;
    private static final String MODEL = "chat-default";

    Population {
        if (modelApis < 1 || apiKeys < 1)
            throw new IllegalArgumentException(
                    "population: " + apiKeys + " keys, " + modelApis + " Model APIs (expected: at least 1 of each)");
    }

    /** Declarations in JSON, to be applied in this order. */
    List<String> declarations(int upstreamPort) {
        List<String> documents = new ArrayList<>();
        documents.add(foundation(upstreamPort));
        for (int from = 0; from < apiKeys; from += KEYS_OF_A_DOCUMENT) {
            documents.add(keys(from, Math.min(apiKeys, from + KEYS_OF_A_DOCUMENT)));
        }
        return documents;
    }

    /** So many calls, each with a key and a Model API drawn at random. */
    List<Target> drawn(Random random, int port, int count) {
        List<Target> targets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) targets.add(target(random, port));
        return targets;
    }

    private Target target(Random random, int port) {
        int key = random.nextInt(apiKeys);
        int team = key % teams();
        int api = random.nextInt(modelApisOf(team));
        return new Target(port, domain(team), basePath(api) + Target.CHAT, secret(key), MODEL, java.util.Map.of());
    }

    private int teams() {
        return (modelApis + MODEL_APIS_OF_A_TEAM - 1) / MODEL_APIS_OF_A_TEAM;
    }

    private int modelApisOf(int team) {
        return Math.min(MODEL_APIS_OF_A_TEAM, modelApis - team * MODEL_APIS_OF_A_TEAM);
    }

    private String foundation(int upstreamPort) {
        List<String> consumers = new ArrayList<>();
        List<String> apis = new ArrayList<>();
        for (int team = 0; team < teams(); team++) {
            List<String> names = new ArrayList<>();
            for (int api = 0; api < modelApisOf(team); api++) {
                String name = "team-" + team + "-api-" + api;
                names.add('"' + name + '"');
                apis.add("""
                    {"name":"%s","domains":["%s"],"basePath":"%s","monitoring":{"metrics":true,"logs":false},\
                    "distribution":{"strategy":"by-model-name","targets":[{"pattern":"chat-*","service":"mock",\
                    "model":"gpt-4o-mini"}]}}""".formatted(name, domain(team), basePath(api)));
            }
            consumers.add("""
                {"name":"team-%d","modelApis":[%s]}""".formatted(team, String.join(",", names)));
        }
        return """
            {"providerKeys":[{"name":"mock","provider":"openai-compatible","secret":"bench-provider-key"}],
            "services":[{"name":"mock","kind":"ai","provider":"openai-compatible","protocol":"openai",\
            "address":{"url":"http://127.0.0.1:%d/v1"},"keys":["mock"]}],
            "prices":[{"provider":"openai-compatible","model":"gpt-4o-mini","inputPerMillion":0.15,"outputPerMillion":0.6,\
            "currency":"USD"}],
            "modelApis":[%s],
            "consumers":[%s]}""".formatted(upstreamPort, String.join(",\n", apis), String.join(",\n", consumers));
    }

    private String keys(int from, int to) {
        List<String> keys = new ArrayList<>();
        for (int key = from; key < to; key++) {
            keys.add("""
                {"name":"key-%d","consumer":"team-%d","secret":"%s","limits":{"rpm":1000000000,"tpm":1000000000000,\
                "concurrency":1000000},"quota":{"tokensPerMonth":1000000000000000}}""".formatted(key, key % teams(), secret(key)));
        }
        return "{\"apiKeys\":[" + String.join(",\n", keys) + "]}";
    }

    private static String domain(int team) {
        return "team-" + team + ".bench.test";
    }

    private static String basePath(int api) {
        return "/api-" + api;
    }

    private static String secret(int key) {
        return String.format(Locale.ROOT, "sk-bench-%032x", key);
    }
}
