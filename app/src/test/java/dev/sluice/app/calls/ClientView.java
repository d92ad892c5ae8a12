package dev.sluice.app.calls;

import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What came of a call, in the words of the tables: {@code as sent} = what an undisturbed call gets, {@code SOURCE CODE} = an error
 * answer, {@code other text} = a stream that is whole but says something else,
 * {@code N + CODE} = the first N events of the undisturbed stream, then an error event.
 */
final class ClientView {
    private ClientView() {}

    /** @param undisturbed what the same call gets when nothing goes wrong */
    static String answer(Reply reply, Reply undisturbed) {
        if (undisturbed.status() == reply.status() && text(undisturbed).equals(text(reply))) return "as sent";
        if (text(undisturbed).equals(text(reply) + "data: [DONE]\n\n")) return "as sent but for [DONE]";
        if (reply.status() != 200) {
            String retryAfter = reply.header("retry-after");
            return reply.header("x-sluice-error-source") + " " + reply.error().getString("code")
                    + (retryAfter.isEmpty() ? "" : ", retry-after " + retryAfter);
        }
        List<String> events = GatewayUnderTest.events(text(reply));
        String last = events.getLast();
        if (last.equals("data: [DONE]\n\n")) return "other text";
        String before = text(reply).substring(0, text(reply).length() - last.length());
        if (!text(undisturbed).startsWith(before) || !last.startsWith("data: {\"error\":")) return text(reply);
        return events.size() - 1 + " + "
                + new JsonObject(last.substring(6)).getJsonObject("error").getString("code");
    }

    /** Provenance, input + output tokens. */
    static String bill(UsageRecord record) {
        if (record.provenance() == Provenance.NONE) return "none";
        return record.provenance().name().toLowerCase(Locale.ROOT) + " "
                + record.usage().inputTokens() + "+" + record.usage().outputTokens();
    }

    static String text(Reply reply) {
        return text(new String(reply.bytes(), StandardCharsets.ISO_8859_1));
    }

    /** Every byte but for ids and times, which depend on the bytes of the request. */
    static String text(String answer) {
        return answer.replaceAll("\"id\":\"(chatcmpl|call|msg)[-_][0-9A-Za-z]+\",", "\"id\":\"$1\",")
                .replaceAll("\"created\":[0-9]+,", "\"created\":0,");
    }
}
