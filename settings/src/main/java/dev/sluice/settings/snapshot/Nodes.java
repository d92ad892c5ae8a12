package dev.sluice.settings.snapshot;

import dev.sluice.settings.Address;
import dev.sluice.settings.Operation;
import dev.sluice.settings.Service;
import dev.sluice.settings.Service.ServiceProtocol;
import dev.sluice.settings.Tls;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.settings.catalogue.Provider.ProviderKind;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Works out where the nodes of a service are. */
final class Nodes {
    private static final String VERSION = "/v1";

    private Nodes() {}

    /** @param address as declared; null = the one that the provider offers */
    static List<Node> of(@Nullable Address address, Service service, Provider provider) {
        String own = BoundService.offer(service, provider).url(service.options().region());
        if (address == null) return own == null ? List.of() : List.of(ofUrl(own, ""));
        if (address.url() != null) {
            String empty = BoundService.offer(service, provider).emptyPath();
            // The paths of a dated API begin at the host.
            if (service.options().apiVersion() != null) return List.of(ofUrl(address.url(), ""));
            if (provider.kind() == ProviderKind.HTTP) return List.of(ofBackend(address.url()));
            if (empty != null) return List.of(ofUrl(address.url(), empty));
            // The paths of other protocols begin with their version. A provider without a version segment has none
            // elsewhere.
            boolean versioned = service.protocol() == ServiceProtocol.OPENAI
                    && (own == null || !path(URI.create(own)).isEmpty());
            return List.of(ofUrl(address.url(), versioned ? VERSION : ""));
        }
        // The nodes of a DNS address are here its names; whoever resolves them puts their addresses in their place.
        List<String> declared = address.dns().isEmpty() ? address.fixed() : address.dns();
        String usual = provider.kind() == ProviderKind.HTTP ? "" : VERSION;
        String base = address.basePath() == null ? usual : address.basePath();
        return declared.stream()
                .map(n -> ofHostAndPort(n, base, service.tls().mode() != Tls.Mode.OFF))
                .toList();
    }

    private static Node ofUrl(String url, String pathWhenEmpty) {
        String path = path(URI.create(url));
        return of(url, path.isEmpty() ? pathWhenEmpty : withoutOperation(path));
    }

    /** The paths of a backend of which nothing is known mean nothing. */
    private static Node ofBackend(String url) {
        return of(url, path(URI.create(url)));
    }

    private static Node of(String url, String basePath) {
        URI uri = URI.create(url);
        boolean tls = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
        return new Node(withoutBrackets(uri.getHost()), port, tls, basePath);
    }

    private static String path(URI uri) {
        String path = uri.getRawPath();
        return path == null ? "" : path.replaceAll("/+$", "");
    }

    /** People paste the address of one operation where the base of all is asked for. */
    private static String withoutOperation(String path) {
        Operation operation = Operation.ofPath(path);
        return path.substring(0, path.length() - operation.path().length());
    }

    private static Node ofHostAndPort(String text, String basePath, boolean tls) {
        int colon = text.lastIndexOf(':');
        return new Node(
                withoutBrackets(text.substring(0, colon)),
                Integer.parseInt(text.substring(colon + 1)),
                tls,
                basePath.equals("/") ? "" : basePath);
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
