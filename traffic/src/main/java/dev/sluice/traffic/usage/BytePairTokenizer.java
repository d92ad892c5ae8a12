package dev.sluice.traffic.usage;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import dev.sluice.protocol.TextSample;
import java.nio.charset.StandardCharsets;

/**
 * Counts with OpenAI's byte-pair encodings; for other vendors' models, whose encodings are alike in size, that is a good
 * guess. An encoding is loaded when it is first needed, which takes some 0.2 s: call {@link #warmUp} at start. Safe for
 * all threads.
 */
public final class BytePairTokenizer implements Tokenizer {
    /** Model name prefixes, longest first where one begins like another; all other models count as o200k. */
    private static final Prefix[] PREFIXES = {
        new Prefix("gpt-4o", EncodingType.O200K_BASE),
        new Prefix("gpt-4.1", EncodingType.O200K_BASE),
        new Prefix("gpt-4.5", EncodingType.O200K_BASE),
        new Prefix("gpt-4", EncodingType.CL100K_BASE),
        new Prefix("gpt-3.5", EncodingType.CL100K_BASE),
        // Azure's spelling
        new Prefix("gpt-35", EncodingType.CL100K_BASE),
        new Prefix("text-embedding", EncodingType.CL100K_BASE),
    };

    private final EncodingRegistry encodings = Encodings.newLazyEncodingRegistry();

    /** Loads the encodings; blocks for a moment. */
    public void warmUp() {
        TextSample text = new TextSample("Hello, world".getBytes(StandardCharsets.US_ASCII), 12);
        estimate("gpt-4o", text);
        estimate("gpt-4", text);
    }

    @Override
    public long estimate(String model, TextSample text) {
        if (text.isEmpty()) return 0;
        int length = wholeCharacters(text.head(), Math.min(text.head().length, TextSample.MAX_HEAD));
        if (length == 0) return Tokenizer.roughly(text);
        Encoding encoding = encodings.getEncoding(encoding(model));
        long tokens = encoding.countTokensOrdinary(new String(text.head(), 0, length, StandardCharsets.UTF_8));
        long total = Math.max(length, text.totalBytes());
        return total == length ? tokens : Math.round((double) tokens * total / length);
    }

    static EncodingType encoding(String model) {
        // Relays put the vendor in front (openai/gpt-4o), fine-tuned models a mark (ft:gpt-4o:…).
        String name = model.substring(model.lastIndexOf('/') + 1);
        if (name.startsWith("ft:")) name = name.substring(3);
        for (Prefix prefix : PREFIXES) {
            if (name.startsWith(prefix.text)) return prefix.encoding;
        }
        return EncodingType.O200K_BASE;
    }

    /** How many bytes of a UTF-8 text are left when a character that its end cuts is taken off. */
    private static int wholeCharacters(byte[] utf8, int length) {
        int lead = length - 1;
        while (lead >= 0 && lead > length - 4 && (utf8[lead] & 0xC0) == 0x80) lead--;
        if (lead < 0) return length;
        int first = utf8[lead] & 0xFF;
        int size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
        return lead + size > length ? lead : length;
    }

    private record Prefix(String text, EncodingType encoding) {}
}
