package dev.sluice.settings;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of resources, in the order in which a declarative file lists them. */
public enum Kind {
    PROVIDER_KEY("providerKeys", "provider key", "pvk", ProviderKey.class),
    SERVICE("services", "service", "svc", Service.class),
    MODEL_API("modelApis", "Model API", "api", ModelApi.class),
    CONSUMER_GROUP("consumerGroups", "consumer group", "cgr", ConsumerGroup.class),
    CONSUMER("consumers", "consumer", "con", Consumer.class),
    API_KEY("apiKeys", "API key", "key", ApiKey.class),
    PRICE("prices", "price", "prc", Price.class);

    private static final Map<String, Kind> BY_LIST =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Kind::list, k -> k));

    private final String list;
    private final String label;
    private final String idPrefix;
    private final Class<? extends Resource> type;

    Kind(String list, String label, String idPrefix, Class<? extends Resource> type) {
        this.list = list;
        this.label = label;
        this.idPrefix = idPrefix;
        this.type = type;
    }

    /** Key of the list in the declarative file, also the path segment in the admin API. */
    public String list() {
        return list;
    }

    /** What people call it in a sentence. */
    public String label() {
        return label;
    }

    /** Three letters that ids of this kind start with. */
    public String idPrefix() {
        return idPrefix;
    }

    /** The kind whose list in a declarative file has that key. */
    public static Optional<Kind> ofList(String list) {
        return Optional.ofNullable(BY_LIST.get(list));
    }

    public Class<? extends Resource> type() {
        return type;
    }

    public static Kind of(Resource resource) {
        return switch (resource) {
            case ProviderKey _ -> PROVIDER_KEY;
            case Service _ -> SERVICE;
            case ModelApi _ -> MODEL_API;
            case Consumer _ -> CONSUMER;
            case ConsumerGroup _ -> CONSUMER_GROUP;
            case ApiKey _ -> API_KEY;
            case Price _ -> PRICE;
        };
    }
}
