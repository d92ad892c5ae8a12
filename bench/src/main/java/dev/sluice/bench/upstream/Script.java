package dev.sluice.bench.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes that the mock provider sends, made once. The buffers belong to the one thread of the server. */
final class Script {
    private static final String ID = "chatcmpl-B0XdVq7yM3cNf5Ru9sTgWk2HzLpA";
    private static final String MODEL = "gpt-4o-mini-2024-07-18";
    private static final int WHOLE_BODY_BYTES = 750;
    private static final String[] WORDS = {
        " water",
        " rises",
        " behind",
        " the",
        " gate",
        ",",
        " and",
        " the",
        " keeper",
        " lets",
        " through",
        " what",
        " the",
        " mill",
        " can",
        " take",
        ".",
        " Nothing",
        " is",
        " lost",
        ";",
        " it",
        " only",
        " waits",
        " its",
        " turn"
    };

    private final ByteBuffer whole;
    private final ByteBuffer models = answer(
            "200 OK", "{\"object\":\"list\",\"data\":[{\"id\":\"" + MODEL + "\",\"object\":\"model\",\"created\":0}]}");
    private final ByteBuffer lengthRequired = refusal("411 Length Required", "send the body with Content-Length");
    private final ByteBuffer serverError = refusal("500 Internal Server Error", "the mock fails as it was asked to");
    private final ByteBuffer tooLarge = refusal("413 Content Too Large", "the request is too large for the mock");
    private final ByteBuffer opening;
    private final ByteBuffer[] words;
    private final ByteBuffer finish;
    private final ByteBuffer usage;

    private Script(ByteBuffer whole, String opening, String[] words, String finish, String usage) {
        this.whole = whole;
        this.opening = direct(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nx-request-id: req_mock\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + chunk(opening));
        this.words = Arrays.stream(words).map(word -> direct(chunk(word))).toArray(ByteBuffer[]::new);
        this.finish = direct(chunk(finish));
        this.usage = direct(chunk(usage) + "0\r\n\r\n");
    }

    /** In the form of OpenAI's chat completions. */
    static Script openAi() {
        return new Script(
                wholeAnswer(),
                event("{\"role\":\"assistant\",\"content\":\"The\"}", "null"),
                Arrays.stream(WORDS)
                        .map(word -> event("{\"content\":\"" + word + "\"}", "null"))
                        .toArray(String[]::new),
                event("{}", "\"stop\""),
                "data: {\"id\":\"" + ID + "\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\""
                        + MODEL
                        + "\",\"choices\":[],\"usage\":{\"prompt_tokens\":231,\"completion_tokens\":61,\"total_tokens\":292}}\n\n"
                        + "data: [DONE]\n\n");
    }

    /** In the form of Anthropic's messages: as many writes for a stream, which become as many events of OpenAI's. */
    static Script anthropic() {
        String usage = "\"usage\":{\"input_tokens\":231,\"output_tokens\":61}";
        String message =
                "\"id\":\"msg_01XdVq7yM3cNf5Ru9sTgWk2H\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",";
        String text = String.join("", WORDS).repeat(8).substring(0, WHOLE_BODY_BYTES - 250);
        return new Script(
                answer(
                        "200 OK",
                        "{" + message + "\"content\":[{\"type\":\"text\",\"text\":\"" + text
                                + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null," + usage + "}"),
                named(
                                "message_start",
                                "\"message\":{" + message
                                        + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null," + usage + "}")
                        + named(
                                "content_block_start",
                                "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
                Arrays.stream(WORDS)
                        .map(word -> named(
                                "content_block_delta",
                                "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + word + "\"}"))
                        .toArray(String[]::new),
                named("content_block_stop", "\"index\":0")
                        + named(
                                "message_delta",
                                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null}," + usage),
                named("message_stop", ""));
    }

    private static String named(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (members.isEmpty() ? "" : "," + members)
                + "}\n\n";
    }

    /** A whole answer: head and a body of 750 bytes. */
    ByteBuffer whole() {
        return whole;
    }

    ByteBuffer models() {
        return models;
    }

    ByteBuffer lengthRequired() {
        return lengthRequired;
    }

    ByteBuffer serverError() {
        return serverError;
    }

    ByteBuffer tooLarge() {
        return tooLarge;
    }

    /** The write that carries event {@code index} of {@code count}: the head with the first, {@code [DONE]} with the last. */
    ByteBuffer event(int index, int count) {
        if (index == 0) return opening;
        if (index == count - 1) return usage;
        if (index == count - 2) return finish;
        return words[index % words.length];
    }

    private static ByteBuffer wholeAnswer() {
        String start = "{\"id\":\"" + ID + "\",\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\""
                + MODEL + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"";
        String rest =
                "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":231,"
                        + "\"completion_tokens\":58,\"total_tokens\":289,\"prompt_tokens_details\":{\"cached_tokens\":0},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":0}},\"service_tier\":\"default\"}";
        StringBuilder text = new StringBuilder("The");
        int room = WHOLE_BODY_BYTES - start.length() - rest.length();
        for (int i = 0; text.length() < room; i++) text.append(WORDS[i % WORDS.length]);
        return answer("200 OK", start + text.substring(0, room) + rest);
    }

    private static String event(String delta, String finishReason) {
        return "data: {\"id\":\"" + ID + "\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\""
                + MODEL + "\",\"service_tier\":\"default\",\"choices\":[{\"index\":0,\"delta\":" + delta
                + ",\"logprobs\":null,\"finish_reason\":" + finishReason + "}]}\n\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n";
    }

    private static ByteBuffer refusal(String status, String message) {
        return answer(status, "{\"error\":{\"message\":\"" + message + "\",\"type\":\"invalid_request_error\"}}");
    }

    private static ByteBuffer answer(String status, String body) {
        return direct("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(UTF_8).length + "\r\nx-request-id: req_mock\r\n\r\n" + body);
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
