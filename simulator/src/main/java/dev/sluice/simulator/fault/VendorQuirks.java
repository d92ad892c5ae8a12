package dev.sluice.simulator.fault;

import dev.sluice.simulator.voice.Quirk;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The habits of vendors that the directive {@code quirk} knows by name. */
final class VendorQuirks {
    /** Habits that change what an answer looks like. */
    static final Map<String, Quirk> SHAPES = Map.of(
            "reasoning-content", Quirk.REASONING_CONTENT,
            "think", Quirk.THINK,
            "azure", Quirk.AZURE);

    /** Errors that a vendor tells in a way of its own, as the directives that make them. */
    static final Map<String, Map<String, String>> ERRORS = Map.of(
            "minimax-error",
            Map.of(
                    "error",
                    "",
                    "body",
                    "{\"choices\":null,\"base_resp\":{\"status_code\":1008,\"status_msg\":\"insufficient balance\"}}"),
            "spark-error",
            Map.of(
                    "error",
                    "",
                    "body",
                    "{\"code\":10013,\"message\":\"the input was found to be against the rules\",\"sid\":\"cht000b0001@simulator\"}"),
            "openrouter-error",
            Map.of(
                    "error",
                    "",
                    "body",
                    "{\"id\":\"gen-simulator\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"provider\":\"simulator\","
                            + "\"error\":{\"code\":502,\"message\":\"the provider disconnected\",\"metadata\":{\"provider_name\":\"simulator\"}},"
                            + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":\"error\"}]}"),
            "zhipu-no-balance",
            Map.of(
                    "status",
                    "429",
                    "body",
                    "{\"error\":{\"code\":\"1113\",\"message\":\"the account is in arrears, please recharge and try again\"}}"),
            "dashscope-arrearage",
            Map.of(
                    "status",
                    "400",
                    "body",
                    "{\"error\":{\"code\":\"Arrearage\",\"param\":null,\"message\":\"Access denied, please make sure your account is in good standing.\","
                            + "\"type\":\"Arrearage\"},\"request_id\":\"simulator\"}"),
            "gemini-bad-key",
            Map.of(
                    "status",
                    "400",
                    "body",
                    "[{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\",\"status\":\"INVALID_ARGUMENT\","
                            + "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\","
                            + "\"domain\":\"googleapis.com\",\"metadata\":{\"service\":\"generativelanguage.googleapis.com\"}}]}}]"));

    private VendorQuirks() {}

    static Set<String> names() {
        TreeSet<String> names = new TreeSet<>(SHAPES.keySet());
        names.addAll(ERRORS.keySet());
        return names;
    }
}
