package dev.sluice.app.calls;

import dev.sluice.simulator.Simulator;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One simulated provider, and a gateway in which each of its services is behind a Model API of the same name, below a base path of that name. */
final class EachService implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("\\bname: ([a-z-]+)");

    private final Simulator provider;
    private final GatewayUnderTest gateway;

    private EachService(Simulator provider, GatewayUnderTest gateway) {
        this.provider = provider;
        this.gateway = gateway;
    }

    /**
     * @param routes of each Model API, as a list in YAML
     * @param services a mapping in YAML for each, with {@code %s} for the provider's address
     */
    static EachService start(Path folder, String routes, List<String> services) {
        Simulator provider = Simulator.start();
        List<String> names = services.stream().map(EachService::name).toList();
        StringBuilder declaration = new StringBuilder("""
                consumers:
                  - { name: caller, modelApis: [%s] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                services:
                """.formatted(String.join(", ", names), GatewayUnderTest.KEY));
        for (String service : services) {
            declaration.append("  - ").append(service.formatted(provider.url())).append('\n');
        }
        declaration.append("modelApis:\n");
        for (String name : names) {
            declaration.append("""
                      - name: %1$s
                        basePath: /%1$s
                        routes: %2$s
                        distribution: { strategy: single, targets: [ { service: %1$s } ] }
                    """.formatted(name, routes));
        }
        return new EachService(provider, GatewayUnderTest.start(folder, declaration.toString()));
    }

    private static String name(String service) {
        Matcher matcher = NAME.matcher(service);
        if (!matcher.find()) throw new AssertionError("no name in " + service);
        return matcher.group(1);
    }

    Simulator provider() {
        return provider;
    }

    GatewayUnderTest gateway() {
        return gateway;
    }

    @Override
    public void close() {
        gateway.close();
        provider.close();
    }
}
