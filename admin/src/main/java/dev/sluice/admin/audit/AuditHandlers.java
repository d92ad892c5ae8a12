package dev.sluice.admin.audit;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.JsonWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit operations. */
public final class AuditHandlers {
    private final AuditLog audit;

    public AuditHandlers(AuditLog audit) {
        this.audit = audit;
    }

    /** By operationId. */
    public Map<String, Handler> handlers() {
        return Map.of("listAudit", this::list, "verifyAudit", this::verify);
    }

    private Answer list(Call call) {
        AuditLog.Filter filter = new AuditLog.Filter(
                call.instant("from").orElse(null),
                call.instant("to").orElse(null),
                call.parameter("actor").orElse(null),
                call.parameter("action").orElse(null),
                call.parameter("kind").orElse(null),
                call.parameter("name").orElse(null));
        AuditLog.Page page = audit.read(filter, call.number("offset", 0), call.number("limit", 50));
        return Answer.json(
                200,
                JsonWriter.object(
                        "items", page.items().stream().map(AuditHandlers::item).toList(), "total", page.total()));
    }

    private Answer verify(Call call) {
        long broken = audit.firstBrokenLink();
        Map<String, @Nullable Object> answer = JsonWriter.object("intact", broken < 0);
        if (broken >= 0) answer.put("firstBroken", broken);
        return Answer.json(200, answer);
    }

    private static Map<String, @Nullable Object> item(AuditEntry entry) {
        return JsonWriter.object(
                "sequence", entry.sequence(),
                "at", entry.at(),
                "tenant", entry.tenant(),
                "actor", entry.actor(),
                "address", entry.address(),
                "action", entry.action(),
                "kind", entry.kind(),
                "resourceId", entry.resourceId(),
                "name", entry.name(),
                "before", entry.before(),
                "after", entry.after(),
                "hash", entry.hash());
    }
}
