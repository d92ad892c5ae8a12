package dev.sluice.app.cli;

import dev.sluice.proxy.Transport;
import dev.sluice.upstreams.credential.IdentityEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of a gateway process. What each means is said once, in {@link Option}.
 *
 * @param config the file-owned declarations; null when there are none
 * @param port of the data plane; 0 is any free one
 * @param adminPort of the control plane; 0 is any free one
 * @param maxBufferedBytes null leaves it to the size of the heap
 * @param drainGrace how long a stopping gateway still accepts
 * @param drain how long after that calls may take to finish
 * @param certificates folder of the certificates of the TLS port; null when there is no such port
 * @param allowMetadata whether services may be where clouds hand their machines credentials
 * @param managedIdentity where provider keys that are managed identities get tokens; null where they may not be
 * @param adminToken null when the gateway is to generate one
 * @param masterKey null when the gateway is to keep one of its own in the data folder
 */
public record GatewayOptions(
        @Nullable Path config,
        Path data,
        String host,
        int port,
        String adminHost,
        int adminPort,
        StoreLocation store,
        int eventLoops,
        AccessLog accessLog,
        int maxBodyBytes,
        int maxEventBytes,
        int maxAnswerBytes,
        @Nullable Integer maxBufferedBytes,
        Duration drainGrace,
        Duration drain,
        @Nullable Path certificates,
        Transport transport,
        boolean allowMetadata,
        @Nullable IdentityEndpoint managedIdentity,
        @Nullable Redacted adminToken,
        @Nullable Redacted masterKey) {
    public GatewayOptions withConfig(Path other) {
        return new GatewayOptions(
                other,
                data,
                host,
                port,
                adminHost,
                adminPort,
                store,
                eventLoops,
                accessLog,
                maxBodyBytes,
                maxEventBytes,
                maxAnswerBytes,
                maxBufferedBytes,
                drainGrace,
                drain,
                certificates,
                transport,
                allowMetadata,
                managedIdentity,
                adminToken,
                masterKey);
    }
}
