package dev.sluice.protocol.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Reads a usage object in any of the spellings of OpenAI-like vendors.
 *
 * <table>
 * <caption>Where vendors put it</caption>
 * <tr><td>OpenAI chat, completions, embeddings</td><td>{@code prompt_tokens}, {@code completion_tokens},
 *     {@code prompt_tokens_details.cached_tokens}, {@code completion_tokens_details.reasoning_tokens}</td></tr>
 * <tr><td>OpenAI responses</td><td>{@code input_tokens}, {@code output_tokens} and their {@code _details}</td></tr>
 * <tr><td>DeepSeek</td><td>{@code prompt_cache_hit_tokens} beside {@code prompt_tokens}</td></tr>
 * <tr><td>Moonshot</td><td>{@code cached_tokens} beside {@code prompt_tokens}</td></tr>
 * <tr><td>gateways in front of Anthropic</td><td>{@code cache_read_input_tokens}, {@code cache_creation_input_tokens}</td></tr>
 * </table>
 */
final class UsageReader {
    /** No call moves more tokens than this; a larger number is a vendor's mistake and must not overflow a sum. */
    static final long MAX_TOKENS = 1L << 40;

    private static final long UNTOLD = -1;

    private enum Field {
        PROMPT_TOKENS,
        INPUT_TOKENS,
        COMPLETION_TOKENS,
        OUTPUT_TOKENS,
        TOTAL_TOKENS,
        PROMPT_TOKENS_DETAILS,
        INPUT_TOKENS_DETAILS,
        COMPLETION_TOKENS_DETAILS,
        OUTPUT_TOKENS_DETAILS,
        PROMPT_CACHE_HIT_TOKENS,
        CACHED_TOKENS,
        CACHE_READ_INPUT_TOKENS,
        CACHE_CREATION_INPUT_TOKENS,
        CACHE_WRITE_TOKENS,
        CACHE_CREATION_TOKENS,
        REASONING_TOKENS,
        SECONDS,
        OTHER
    }

    private static final Keys<Field> FIELDS = Keys.of(Field.class, Field.OTHER);

    private long input;
    private long output;
    private long total;
    private long cached;
    private long written;
    private long reasoning;
    private long millis;

    /** Reads the value at the cursor; null if it is not an object that tells a number of tokens. */
    @Nullable
    Usage read(JsonScanner scanner) {
        if (scanner.type() != JsonType.OBJECT) return null;
        input = UNTOLD;
        output = UNTOLD;
        total = UNTOLD;
        cached = 0;
        written = 0;
        reasoning = 0;
        millis = 0;
        members(scanner);
        return normal();
    }

    /** The length of sound that the object read last tells in place of tokens; 0 if none. */
    long millis() {
        return millis;
    }

    private void members(JsonScanner scanner) {
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(FIELDS)) {
                case PROMPT_TOKENS, INPUT_TOKENS -> input = tokens(scanner, input);
                case COMPLETION_TOKENS, OUTPUT_TOKENS -> output = tokens(scanner, output);
                case TOTAL_TOKENS -> total = tokens(scanner, total);
                case PROMPT_CACHE_HIT_TOKENS, CACHED_TOKENS, CACHE_READ_INPUT_TOKENS ->
                    cached = tokens(scanner, cached);
                case CACHE_CREATION_INPUT_TOKENS, CACHE_WRITE_TOKENS, CACHE_CREATION_TOKENS ->
                    written = tokens(scanner, written);
                case REASONING_TOKENS -> reasoning = tokens(scanner, reasoning);
                case SECONDS -> millis = Seconds.millis(scanner);
                case PROMPT_TOKENS_DETAILS, INPUT_TOKENS_DETAILS, COMPLETION_TOKENS_DETAILS, OUTPUT_TOKENS_DETAILS ->
                    details(scanner);
                case OTHER -> {}
            }
        }
    }

    private void details(JsonScanner scanner) {
        if (scanner.type() != JsonType.OBJECT) return;
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(FIELDS)) {
                case CACHED_TOKENS -> cached = tokens(scanner, cached);
                case CACHE_WRITE_TOKENS, CACHE_CREATION_TOKENS -> written = tokens(scanner, written);
                case REASONING_TOKENS -> reasoning = tokens(scanner, reasoning);
                case PROMPT_TOKENS,
                        INPUT_TOKENS,
                        COMPLETION_TOKENS,
                        OUTPUT_TOKENS,
                        TOTAL_TOKENS,
                        PROMPT_TOKENS_DETAILS,
                        INPUT_TOKENS_DETAILS,
                        COMPLETION_TOKENS_DETAILS,
                        OUTPUT_TOKENS_DETAILS,
                        PROMPT_CACHE_HIT_TOKENS,
                        CACHE_READ_INPUT_TOKENS,
                        CACHE_CREATION_INPUT_TOKENS,
                        SECONDS,
                        OTHER -> {}
            }
        }
    }

    /** One fact may stand in two places, one of them zero: the larger number counts. */
    private static long tokens(JsonScanner scanner, long before) {
        long told = scanner.takeLong(UNTOLD);
        return Math.max(before, Math.min(told, MAX_TOKENS));
    }

    private @Nullable Usage normal() {
        if (input < 0 && output < 0 && total < 0) return null;
        if (input < 0) input = Math.max(0, total - Math.max(0, output));
        if (output < 0) output = Math.max(0, total - input);
        long untold = total - input - output;
        if (untold > 0) {
            // The total is what the vendor charges. Anthropic's cache counts outside of the input; xAI and Gemini count
            // reasoning outside of the output, Gemini without saying so.
            if (cached + written == untold) input += untold;
            else output += untold;
        }
        long fromCache = Math.min(cached, input);
        return new Usage(input, fromCache, Math.min(written, input - fromCache), output, Math.min(reasoning, output));
    }
}
