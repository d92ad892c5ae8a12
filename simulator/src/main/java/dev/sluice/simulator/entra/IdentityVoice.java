package dev.sluice.simulator.entra;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * {@code GET /metadata/identity/oauth2/token} of the metadata service of a machine, and {@code GET /msi/token} beside an app: whoever shows
 * the header gets a token of the managed identity.
 *
 * @see <a href="https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-use-vm-token">Microsoft, of machines</a>
 * @see <a href="https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity">Microsoft, of apps</a>
 */
final class IdentityVoice implements RejectingVoice {
    private static final String VERSION = "?api-version";
    private static final String RESOURCE = "?resource";
    private static final String CLIENT = "?client_id";
    /** Far away; an app is told when a token ends, not how long it lasts. */
    private static final long END = 4_102_444_800L;

    private final String header;
    private final String value;

    IdentityVoice(String header, String value) {
        this.header = header;
        this.value = value;
    }

    @Override
    public String model(Heard heard) {
        return "";
    }

    @Override
    public List<String> cues() {
        return List.of(header, VERSION, RESOURCE, CLIENT);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        if (!heard.method().equals("GET")) throw rejected(405, "The method is not allowed.");
        if (!heard.cue(header).equals(value)) throw rejected(400, "Required " + header + " header not specified.");
        if (heard.cue(VERSION).isEmpty()) throw rejected(400, "Required parameter api-version not specified.");
        if (heard.cue(RESOURCE).isEmpty()) throw rejected(400, "Required parameter resource not specified.");
        if (heard.cue(CLIENT).equals("unknown")) throw rejected(400, "Identity not found");
        JsonObject token = new JsonObject()
                .put("access_token", "eyJ1." + heard.id("token"))
                .put("expires_on", Long.toString(END))
                .put("resource", heard.cue(RESOURCE))
                .put("token_type", "Bearer");
        if (header.equals("metadata")) token.put("refresh_token", "").put("expires_in", "86399");
        return Script.whole(token, Usage.ZERO, false);
    }

    private static Rejection rejected(int status, String message) {
        return new Rejection(new Complaint(status, message, null, "invalid_request", null));
    }

    @Override
    public Script refusal(Complaint complaint) {
        return Script.error(complaint.status(), TokenVoice.error(complaint));
    }

    @Override
    public Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return event(TokenVoice.error(complaint).encode(), eventsBefore);
    }
}
