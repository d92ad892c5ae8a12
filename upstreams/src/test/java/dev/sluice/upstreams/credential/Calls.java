package dev.sluice.upstreams.credential;

import dev.sluice.settings.Declaration;
import dev.sluice.settings.Declaration.Document;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Snapshot;
import io.vertx.core.MultiMap;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Outgoing calls of declared services. */
public final class Calls {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final SecretResolver SECRETS =
            SecretResolver.of(Map.<String, String>of()::get, HttpClient.newHttpClient(), InstantSource.system());

    private Calls() {}

    static OutgoingCall call(String method, String host, String target, byte[] body) {
        return call("provider: bedrock, protocol: native", method, host, target, body);
    }

    /** @param fields of the service, besides its name */
    static OutgoingCall call(String fields, String method, String host, String target, byte[] body) {
        return new OutgoingCall(service(fields), method, host, target, body, MultiMap.caseInsensitiveMultiMap());
    }

    public static BoundService service(String fields) {
        String yaml = "services: [ { name: s, " + fields + " } ]";
        Edit edit = new Editor(CATALOGUE, SECRETS, new Random(1), InstantSource.system())
                .apply(
                        Settings.EMPTY,
                        Declaration.parse(List.of(new Document("f.yaml", yaml)), _ -> null),
                        Owner.FILE,
                        false);
        if (!(edit instanceof Edit.Accepted accepted)) throw new AssertionError(edit.toString());
        return Snapshot.build(accepted.settings(), CATALOGUE, SECRETS)
                .services()
                .getFirst();
    }
}
