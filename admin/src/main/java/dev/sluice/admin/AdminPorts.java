package dev.sluice.admin;

import dev.sluice.admin.audit.AuditLog;
import dev.sluice.admin.resources.ConnectionTest;
import dev.sluice.admin.routes.RouteExplainer;
import dev.sluice.settings.Environment;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsRepository;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.Route;
import dev.sluice.traffic.health.KeyState;
import dev.sluice.traffic.health.ServiceState;
import dev.sluice.traffic.usage.UsageReports;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the admin server needs of the rest of the gateway. All functions may block; they are called on virtual threads.
 *
 * @param token that every call of the admin API must carry
 * @param catalogue providers that services and provider keys may name
 * @param published called with the settings after every change, before the change is answered; makes them take effect on
 *     this node
 * @param keyState how a provider key, by id, fares on this node
 * @param serviceState how the nodes and circuits of a service, by id, fare on this node
 * @param reinstate takes a rejected or resting provider key, by id, back into use
 * @param routes that this node serves now
 * @param notReady why this node cannot serve calls; empty when it can
 * @param concerns what an operator should know although calls are served
 * @param metrics in Prometheus' text format
 * @param environment the gateway's own, for {@code ${NAME}} in what is declared
 * @param secrets finds the values of secrets that API keys are declared with
 * @param storeAway whether an exception of the repositories says that the store cannot be reached right now: then the call
 *     is answered with 503
 */
public record AdminPorts(
        String token,
        SettingsRepository settings,
        Catalogue catalogue,
        AuditLog audit,
        UsageReports usage,
        Consumer<Settings> published,
        Function<String, KeyState> keyState,
        Function<String, ServiceState> serviceState,
        Consumer<String> reinstate,
        ConnectionTest connectionTest,
        Supplier<List<Route>> routes,
        RouteExplainer explainer,
        Supplier<List<String>> notReady,
        Supplier<List<String>> concerns,
        Supplier<String> metrics,
        Environment environment,
        SecretResolver secrets,
        Predicate<RuntimeException> storeAway,
        InstantSource clock) {
    public AdminPorts {
        if (token.isBlank())
            throw new IllegalArgumentException("the admin token is empty (set SLUICE_ADMIN_TOKEN, or leave it out)");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AdminPorts";
    }
}
