package dev.sluice.app.calls;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a client of a protocol asks, and what it reads in what it gets. */
enum ClientForm {
    OPENAI {
        @Override
        String path(String model, boolean stream) {
            return "/v1/chat/completions";
        }

        @Override
        JsonObject question(String model, boolean stream, List<String> turns) {
            JsonObject body = new JsonObject().put("model", model).put("messages", messages(turns));
            if (stream) body.put("stream", true).put("stream_options", new JsonObject().put("include_usage", true));
            return body;
        }

        @Override
        void offer(JsonObject question) {
            JsonObject function = new JsonObject().put("name", TOOL).put("parameters", schema());
            question.put(
                    "tools",
                    new JsonArray().add(new JsonObject().put("type", "function").put("function", function)));
        }

        @Override
        void answer(JsonObject question, List<Call> calls, String result) {
            JsonArray asked = new JsonArray();
            for (Call call : calls) {
                JsonObject function = new JsonObject().put("name", call.name()).put("arguments", call.arguments());
                asked.add(new JsonObject()
                        .put("id", call.id())
                        .put("type", "function")
                        .put("function", function));
            }
            JsonArray messages = question.getJsonArray("messages");
            messages.add(new JsonObject()
                    .put("role", "assistant")
                    .put("content", null)
                    .put("tool_calls", asked));
            for (Call call : calls) {
                messages.add(new JsonObject()
                        .put("role", "tool")
                        .put("tool_call_id", call.id())
                        .put("content", result));
            }
        }

        @Override
        void read(JsonObject answer, Said said) {
            usage(answer.getJsonObject("usage"), "prompt_tokens", "completion_tokens", said);
            for (Object item : answer.getJsonArray("choices", new JsonArray())) {
                JsonObject choice = (JsonObject) item;
                JsonObject message = choice.getJsonObject("message", choice.getJsonObject("delta", new JsonObject()));
                said.text.append(message.getString("content", "") == null ? "" : message.getString("content", ""));
                String thought = message.getString("reasoning_content");
                said.thoughts.append(thought == null ? "" : thought);
                said.finish =
                        choice.getString("finish_reason") == null ? said.finish : choice.getString("finish_reason");
                JsonArray calls = message.getJsonArray("tool_calls");
                for (Object called : calls == null ? new JsonArray() : calls) {
                    JsonObject call = (JsonObject) called;
                    JsonObject function = call.getJsonObject("function");
                    said.call(
                            call.getInteger("index", said.calls.size()),
                            call.getString("id", ""),
                            function.getString("name", ""),
                            function.getString("arguments", ""));
                }
            }
        }

        @Override
        String finished(boolean calls) {
            return calls ? "tool_calls" : "stop";
        }

        @Override
        String errorOf(int status) {
            return switch (status) {
                case 400 -> "invalid_request_error";
                case 429 -> "rate_limit_error";
                default -> "server_error";
            };
        }

        @Override
        String error(JsonObject error) {
            return error.getString("type");
        }
    },
    ANTHROPIC {
        @Override
        String path(String model, boolean stream) {
            return "/v1/messages";
        }

        @Override
        JsonObject question(String model, boolean stream, List<String> turns) {
            return new JsonObject()
                    .put("model", model)
                    .put("max_tokens", 1000)
                    .put("stream", stream)
                    .put("messages", messages(turns));
        }

        @Override
        void offer(JsonObject question) {
            question.put(
                    "tools",
                    new JsonArray().add(new JsonObject().put("name", TOOL).put("input_schema", schema())));
        }

        @Override
        void answer(JsonObject question, List<Call> calls, String result) {
            JsonArray uses = new JsonArray();
            JsonArray results = new JsonArray();
            for (Call call : calls) {
                uses.add(new JsonObject()
                        .put("type", "tool_use")
                        .put("id", call.id())
                        .put("name", call.name())
                        .put("input", new JsonObject(call.arguments())));
                results.add(new JsonObject()
                        .put("type", "tool_result")
                        .put("tool_use_id", call.id())
                        .put("content", result));
            }
            question.getJsonArray("messages")
                    .add(new JsonObject().put("role", "assistant").put("content", uses))
                    .add(new JsonObject().put("role", "user").put("content", results));
        }

        @Override
        void read(JsonObject answer, Said said) {
            usage(answer.getJsonObject("usage"), "input_tokens", "output_tokens", said);
            JsonObject delta = answer.getJsonObject("delta", new JsonObject());
            switch (answer.getString("type")) {
                case "message" -> {
                    said.finish = answer.getString("stop_reason");
                    answer.getJsonArray("content").forEach(item -> block((JsonObject) item, said, said.calls.size()));
                }
                case "message_start" ->
                    usage(
                            answer.getJsonObject("message").getJsonObject("usage"),
                            "input_tokens",
                            "output_tokens",
                            said);
                case "content_block_start" ->
                    block(answer.getJsonObject("content_block"), said, answer.getInteger("index"));
                case "content_block_delta" -> {
                    said.text.append(delta.getString("text", ""));
                    said.thoughts.append(delta.getString("thinking", ""));
                    if (delta.containsKey("partial_json"))
                        said.call(answer.getInteger("index"), "", "", delta.getString("partial_json"));
                }
                case "message_delta" -> said.finish = delta.getString("stop_reason");
                default -> {}
            }
        }

        private void block(JsonObject block, Said said, int index) {
            said.text.append(block.getString("text", ""));
            said.thoughts.append(block.getString("thinking", ""));
            JsonObject input = block.getJsonObject("input", new JsonObject());
            if (block.getString("type").equals("tool_use"))
                said.call(index, block.getString("id"), block.getString("name"), input.isEmpty() ? "" : input.encode());
        }

        @Override
        String finished(boolean calls) {
            return calls ? "tool_use" : "end_turn";
        }

        @Override
        String errorOf(int status) {
            return switch (status) {
                case 400 -> "invalid_request_error";
                case 429 -> "rate_limit_error";
                default -> "api_error";
            };
        }

        @Override
        String error(JsonObject error) {
            return error.getString("type");
        }
    },
    GEMINI {
        @Override
        String path(String model, boolean stream) {
            return "/v1beta/models/" + model + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
        }

        @Override
        JsonObject question(String model, boolean stream, List<String> turns) {
            JsonArray contents = new JsonArray();
            for (String turn : turns) {
                contents.add(content(
                        contents.size() % 2 == 0 ? "user" : "model",
                        new JsonArray().add(new JsonObject().put("text", turn))));
            }
            return new JsonObject().put("contents", contents);
        }

        private JsonObject content(String role, JsonArray parts) {
            return new JsonObject().put("role", role).put("parts", parts);
        }

        @Override
        void offer(JsonObject question) {
            JsonObject declared = new JsonObject().put("name", TOOL).put("parametersJsonSchema", schema());
            JsonObject tool = new JsonObject().put("functionDeclarations", new JsonArray().add(declared));
            question.put("tools", new JsonArray().add(tool));
        }

        @Override
        void answer(JsonObject question, List<Call> calls, String result) {
            JsonArray asked = new JsonArray();
            JsonArray answered = new JsonArray();
            for (Call call : calls) {
                JsonObject name = new JsonObject().put("id", call.id()).put("name", call.name());
                JsonObject args = new JsonObject(call.arguments());
                JsonObject response = new JsonObject().put("output", result);
                asked.add(new JsonObject().put("functionCall", name.copy().put("args", args)));
                answered.add(
                        new JsonObject().put("functionResponse", name.copy().put("response", response)));
            }
            question.getJsonArray("contents").add(content("model", asked)).add(content("user", answered));
        }

        @Override
        void read(JsonObject answer, Said said) {
            usage(answer.getJsonObject("usageMetadata"), "promptTokenCount", "candidatesTokenCount", said);
            for (Object item : answer.getJsonArray("candidates", new JsonArray())) {
                JsonObject candidate = (JsonObject) item;
                said.finish = candidate.getString("finishReason", said.finish);
                for (Object one :
                        candidate.getJsonObject("content", new JsonObject()).getJsonArray("parts", new JsonArray())) {
                    JsonObject part = (JsonObject) one;
                    (part.getBoolean("thought", false) ? said.thoughts : said.text).append(part.getString("text", ""));
                    JsonObject call = part.getJsonObject("functionCall");
                    if (call != null)
                        said.call(
                                said.calls.size(),
                                call.getString("id", ""),
                                call.getString("name"),
                                call.getJsonObject("args").encode());
                }
            }
        }

        @Override
        String finished(boolean calls) {
            return "STOP";
        }

        @Override
        String errorOf(int status) {
            return switch (status) {
                case 400 -> "INVALID_ARGUMENT";
                case 429 -> "RESOURCE_EXHAUSTED";
                case 502 -> "INTERNAL";
                default -> "UNAVAILABLE";
            };
        }

        @Override
        String error(JsonObject error) {
            return error.getString("status");
        }
    };

    static final String TOOL = "weather";

    /** A call of a tool that a client was told. */
    record Call(String id, String name, String arguments) {}

    /** What a client read. */
    static final class Said {
        final StringBuilder text = new StringBuilder();
        final StringBuilder thoughts = new StringBuilder();
        final List<Call> calls = new ArrayList<>();
        private final List<Integer> places = new ArrayList<>();
        String finish = "";
        String error = "";
        long input;
        long output;

        /** A call, or more of the arguments of the one at this place. */
        private void call(int place, String id, String name, String arguments) {
            int at = places.indexOf(place);
            if (at < 0) {
                places.add(place);
                calls.add(new Call(id, name, arguments));
            } else {
                Call begun = calls.get(at);
                calls.set(at, new Call(begun.id(), begun.name(), begun.arguments() + arguments));
            }
        }
    }

    /** Below the base path of a Model API. */
    abstract String path(String model, boolean stream);

    /** @param turns of the user and of the model by turns, the user first */
    abstract JsonObject question(String model, boolean stream, List<String> turns);

    /** Offers {@link #TOOL}. */
    abstract void offer(JsonObject question);

    /** Goes on with the results of calls. */
    abstract void answer(JsonObject question, List<Call> calls, String result);

    abstract void read(JsonObject answer, Said said);

    /** The reason of the end of a good answer. */
    abstract String finished(boolean calls);

    /** The word for an error of a status. */
    abstract String errorOf(int status);

    /** The word that an error has. */
    abstract String error(JsonObject error);

    /** Reads a whole answer or a stream of events, an error included. */
    Said read(Reply reply) {
        Said said = new Said();
        if (!reply.header("content-type").startsWith("text/event-stream")) {
            take(reply.json(), said);
            return said;
        }
        for (String line : reply.text().split("\n")) {
            if (line.startsWith("data:") && !line.strip().equals("data: [DONE]"))
                take(new JsonObject(line.substring("data:".length())), said);
        }
        return said;
    }

    private void take(JsonObject json, Said said) {
        JsonObject error = json.getJsonObject("error");
        if (error == null) read(json, said);
        else said.error = error(error);
    }

    private static JsonArray messages(List<String> turns) {
        JsonArray messages = new JsonArray();
        for (String turn : turns) {
            messages.add(new JsonObject()
                    .put("role", messages.size() % 2 == 0 ? "user" : "assistant")
                    .put("content", turn));
        }
        return messages;
    }

    private static JsonObject schema() {
        return new JsonObject()
                .put("type", "object")
                .put("properties", new JsonObject().put("city", new JsonObject().put("type", "string")))
                .put("required", new JsonArray().add("city"));
    }

    private static void usage(@Nullable JsonObject usage, String input, String output, Said said) {
        if (usage == null) return;
        said.input = usage.getLong(input, said.input);
        said.output = usage.getLong(output, said.output);
    }
}
