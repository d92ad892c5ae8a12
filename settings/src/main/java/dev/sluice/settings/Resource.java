package dev.sluice.settings;

/** Anything that an operator declares by name. Names are unique within a kind and tenant, and are how resources refer to each other. */
public sealed interface Resource permits ProviderKey, Service, ModelApi, Consumer, ConsumerGroup, ApiKey, Price {
    String name();
}
